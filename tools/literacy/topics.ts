/** A situation that someone asks about, and what a good answer says, as phrases (src/domain/check.ts). */
export interface Topic {
  readonly id: string;
  /** Two ways to tell it. */
  readonly tells: readonly [string, string];
  /** Needs emergency services at once. */
  readonly urgent?: true;
  /** Criterion, points, any of these phrases. */
  readonly says: readonly (readonly [criterion: string, points: number, ...phrases: string[]])[];
}

const not = (things: string): string[] => [`not|never|avoid|avoiding … ${things}`, `don't … ${things}`];

// biome-ignore format: a table, one criterion per line
/** Written for this project from general first-aid and self-care knowledge; not medical advice, and no patient's words. */
export const TOPICS: readonly Topic[] = [
  { id: 'burn', tells: ['I burned my hand on a hot pan.', 'Hot tea spilled on my arm and the skin is red.'], says: [
    ['Says to cool the burn with water', 8, 'cool|cold|running|lukewarm|tap … water', 'under … water'],
    ['Says to cover it', 5, 'cover*', 'bandage*', 'dressing*', 'gauze', 'cling film'],
    ['Warns against ice, butter or toothpaste', 4, ...not('ice|butter|toothpaste|oil')],
  ] },
  { id: 'nosebleed', tells: ['My nose will not stop bleeding.', 'My son has a nosebleed at school.'], says: [
    ['Says to pinch the nose', 8, 'pinch*', 'squeez* … nose', 'hold … nose', 'press* … nose|nostril*'],
    ['Says to lean forward', 6, 'lean* … forward', 'forward'],
    ['Says for how long', 4, '# minutes', 'ten|fifteen|five minutes'],
  ] },
  { id: 'chestPain', urgent: true, tells: ['My father has a crushing pain in his chest and sweats.', 'I feel pressure in my chest that goes into my left arm.'], says: [
    ['Says to rest or sit down', 5, 'rest*', 'sit*', 'lie|lying down'],
    ['Says not to drive', 4, ...not('driv*')],
    ['Says that it may be the heart', 5, 'heart'],
  ] },
  { id: 'stroke', urgent: true, tells: ['My mother’s face droops and she cannot lift her arm.', 'My husband suddenly speaks as if he were drunk, and he is not.'], says: [
    ['Says that it may be a stroke', 7, 'stroke*'],
    ['Says to note when it began', 5, 'time … start*|began|first', 'when … start*|began', 'note … time'],
    ['Warns against giving food, drink or medicine', 4, ...not('eat*|drink*|food|medicine*|aspirin|water')],
  ] },
  { id: 'fever', tells: ['My toddler has a fever and is grumpy.', 'I have had a temperature since yesterday and feel weak.'], says: [
    ['Says to drink fluids', 7, 'drink*', 'fluid*', 'hydrat*', 'water'],
    ['Says to rest', 5, 'rest*', 'sleep'],
    ['Says to check the temperature', 4, 'thermometer', 'temperature', 'check|measure|monitor … fever'],
  ] },
  { id: 'sprain', tells: ['I twisted my ankle on the stairs and it is swollen.', 'My wrist hurts after a fall, but I can move it.'], says: [
    ['Says to rest it', 6, 'rest*'],
    ['Says to cool it', 6, 'ice', 'cold|cool … pack|compress|water'],
    ['Says to raise it', 5, 'elevat*', 'rais*', 'prop*'],
  ] },
  { id: 'choking', urgent: true, tells: ['A man at the next table is choking and cannot speak.', 'My friend has food stuck in her throat and cannot breathe.'], says: [
    ['Says to hit the back', 6, 'back blow*|slap*', 'blow* … back', 'hit|slap|strike … back'],
    ['Says to thrust the belly', 6, 'abdominal', 'heimlich', 'thrust*'],
    ['Says to start CPR if the person passes out', 4, 'cpr', 'chest compression*', 'resuscitat*'],
  ] },
  { id: 'diarrhea', tells: ['I have had diarrhea since last night.', 'After the trip my daughter has loose stools.'], says: [
    ['Says to drink a lot', 8, 'drink*', 'fluid*', 'hydrat*'],
    ['Names a rehydration solution or salts', 5, 'rehydration', 'electrolyte*', 'salt*', 'broth'],
    ['Says to wash hands', 4, 'wash* … hands', 'hand washing', 'hygiene', 'handwashing'],
  ] },
  { id: 'cut', tells: ['I cut my finger with a kitchen knife and it bleeds.', 'My child fell on glass and her knee bleeds.'], says: [
    ['Says to press on it', 8, 'press*', 'pressure'],
    ['Says to clean it', 5, 'clean*', 'wash*', 'rins*'],
    ['Says to cover it', 5, 'bandage*', 'cover*', 'dressing*', 'gauze'],
  ] },
  { id: 'allergy', urgent: true, tells: ['After a wasp sting my lips swell and I can hardly breathe.', 'My son ate a peanut and now wheezes and has hives.'], says: [
    ['Says to use an adrenaline pen', 7, 'epipen', 'epinephrine', 'adrenaline', 'auto injector', 'injector'],
    ['Names an allergic reaction', 5, 'allerg*', 'anaphyla*'],
    ['Says to lie or sit down', 4, 'lie|lay|lying|sit|sitting'],
  ] },
  { id: 'cold', tells: ['I have a runny nose and a sore throat.', 'My whole family sneezes and coughs.'], says: [
    ['Says to rest', 5, 'rest*', 'sleep'],
    ['Says to drink fluids', 5, 'drink*', 'fluid*', 'hydrat*', 'tea'],
    ['Says that antibiotics do not help', 6, ...not('antibiotic*'), 'antibiotic* … not|never'],
    ['Says how not to pass it on', 4, 'wash* … hands', 'cover … mouth|cough|nose', 'mask', 'stay … home'],
  ] },
  { id: 'antibiotics', tells: ['I feel better after two days of antibiotics. May I stop?', 'Can I keep the rest of my antibiotics for next time?'], says: [
    ['Says to finish or to ask before stopping', 8, 'finish*', 'complete*', 'full course', 'before … stop*', 'prescrib*'],
    ['Says that germs may become resistant', 6, 'resist*'],
    ['Warns against keeping or sharing them', 4, ...not('sav*|keep*|shar*|leftover|reuse*')],
  ] },
  { id: 'bloodPressure', tells: ['My blood pressure was high at the pharmacy.', 'How can I lower my blood pressure without pills?'], says: [
    ['Says to eat less salt', 6, 'salt', 'sodium'],
    ['Says to move more', 6, 'exercis*', 'walk*', 'activ*'],
    ['Says to measure again', 5, 'measur*', 'monitor*', 'check*', 'again'],
    ['Speaks of weight, alcohol or smoking', 4, 'weight', 'alcohol', 'smok*'],
  ] },
  { id: 'diabetesLow', tells: ['I have diabetes and feel shaky and sweaty.', 'My diabetic neighbour is confused and trembles.'], says: [
    ['Says to take sugar', 9, 'sugar*', 'juice', 'glucose', 'candy', 'soda', 'sweet*'],
    ['Says to check blood sugar', 5, 'check|measure|test … sugar|glucose'],
    ['Says what to do if it does not help or the person passes out', 5, 'unconscious', 'pass* out', 'again', 'not … improve*|better', 'repeat'],
  ] },
  { id: 'heat', tells: ['I was in the sun all day and feel dizzy.', 'My grandmother is hot and weak in the heat wave.'], says: [
    ['Says to go somewhere cool', 7, 'shade*', 'cool|cooler … place|room|area', 'indoors', 'inside', 'air conditioning'],
    ['Says to drink', 6, 'drink*', 'water', 'fluid*', 'hydrat*'],
    ['Says to cool the body', 5, 'cool|cold|wet … cloth|towel|shower|water|bath|compress', 'fan'],
  ] },
  { id: 'sleep', tells: ['I cannot fall asleep at night.', 'I wake up at three every night and lie awake.'], says: [
    ['Says to keep regular times', 6, 'same time', 'regular', 'schedule', 'routine'],
    ['Says to avoid screens', 5, 'screen*', 'phone*', 'tv|television', 'devices'],
    ['Says to avoid coffee', 5, 'caffeine', 'coffee', 'alcohol'],
    ['Speaks of the bedroom', 3, 'dark', 'quiet', 'cool', 'comfortable', 'bedroom'],
  ] },
  { id: 'backPain', tells: ['My lower back hurts since I lifted a box.', 'I sit all day and my back aches.'], says: [
    ['Says to keep moving', 7, 'mov*', 'walk*', 'activ*', 'stretch*', 'exercis*'],
    ['Names warmth', 4, 'heat', 'warm*'],
    ['Names warning signs', 6, 'numb*', 'weak*', 'bladder', 'bowel', 'leg|legs'],
  ] },
  { id: 'headInjury', tells: ['My son fell off the bed and hit his head.', 'I bumped my head on a shelf and feel sick.'], says: [
    ['Says to watch for signs', 6, 'watch*', 'monitor*', 'observ*', 'look … for'],
    ['Names a warning sign', 7, 'vomit*', 'confus*', 'drows*', 'unconscious*', 'seizure*', 'dizz*', 'pass* out'],
    ['Says to rest', 4, 'rest*'],
  ] },
  { id: 'poison', urgent: true, tells: ['My child drank drain cleaner.', 'My little brother ate grandfather’s heart pills.'], says: [
    ['Names poison control', 7, 'poison … control|center|centre|line|helpline', 'poison*'],
    ['Warns against vomiting', 6, ...not('vomit*|throw')],
    ['Says to keep the package', 4, 'container', 'bottle', 'package', 'label', 'what … swallowed|ate|drank|taken'],
  ] },
  { id: 'tick', tells: ['I found a tick on my leg after a walk.', 'There is a tick behind my dog walker’s ear.'], says: [
    ['Says to pull it out with tweezers', 8, 'tweezer*', 'pull*', 'remov*'],
    ['Says to clean the bite', 4, 'clean*', 'wash*', 'disinfect*', 'alcohol'],
    ['Says to watch for a rash or fever', 6, 'rash', 'fever', 'red|redness', 'lyme'],
  ] },
  { id: 'pregnancyMeds', tells: ['I am pregnant and have a headache.', 'I am expecting a baby and caught a cold. What may I take?'], says: [
    ['Says to ask before taking medicine', 9, 'before … tak*|us*', 'ask|consult|talk|speak|check … doctor|pharmacist|midwife|provider|professional'],
    ['Warns against ibuprofen or aspirin', 6, ...not('ibuprofen|aspirin|nsaid*')],
    ['Names a way without medicine', 4, 'rest*', 'water', 'fluid*', 'sleep', 'cold compress', 'relax*'],
  ] },
  { id: 'vaccine', tells: ['Is the flu shot worth it for me at 70?', 'My arm hurts after a vaccination.'], says: [
    ['Says that vaccines protect', 6, 'protect*', 'prevent*', 'reduc*', 'immun*'],
    ['Names a usual side effect', 5, 'sore*', 'pain*', 'fever', 'tired*', 'red|redness', 'swell*', 'mild'],
    ['Says that it passes in days', 4, '# days', 'few days', 'day or two', 'short|temporary', 'go away'],
  ] },
  { id: 'rash', tells: ['I have an itchy rash on my arms.', 'My baby has red spots on the belly.'], says: [
    ['Says not to scratch', 5, ...not('scratch*')],
    ['Names a way to soothe it', 5, 'moistur*', 'cool*', 'cream', 'lotion', 'compress', 'bath'],
    ['Asks for or names possible causes', 4, 'allerg*', 'soap*', 'detergent*', 'infection*', 'eczema', 'heat', 'insect*', 'irrit*'],
    ['Names a warning sign', 6, 'fever', 'breath*', 'blister*', 'spread*', 'swell*'],
  ] },
  { id: 'seizure', urgent: true, tells: ['My colleague is having a seizure on the floor.', 'My sister shakes all over and does not react.'], says: [
    ['Says to protect the person', 6, 'protect*', 'safe*', 'move|remove|clear … objects|furniture|things|sharp', 'cushion', 'head'],
    ['Warns against holding down or putting things in the mouth', 6, ...not('hold*|restrain*|mouth|put*')],
    ['Says to turn the person on the side', 5, 'side'],
  ] },
  { id: 'dehydration', tells: ['My grandfather hardly drinks and is confused.', 'I have a dry mouth and dark urine.'], says: [
    ['Says to drink small amounts often', 7, 'small … sips|amounts', 'sip*', 'often', 'frequent*', 'drink*'],
    ['Names a sign', 5, 'urine', 'dizz*', 'thirst*', 'dry', 'confus*', 'tired*'],
    ['Names foods or drinks that help', 4, 'soup*', 'broth', 'fruit*', 'juice', 'electrolyte*', 'water'],
  ] },
  { id: 'asthma', tells: ['My inhaler helps less than it used to.', 'I wheeze when I run in cold air.'], says: [
    ['Speaks of the inhaler', 6, 'inhaler*', 'puff*', 'reliever'],
    ['Speaks of triggers', 5, 'trigger*', 'smok*', 'dust', 'pollen', 'cold air', 'pets', 'allerg*'],
    ['Names a plan or a check of the technique', 4, 'plan', 'technique', 'spacer', 'how … use'],
    ['Names a warning sign', 5, 'blue', 'cannot|unable … speak|talk|breathe', 'short* of breath', 'worse*'],
  ] },
  { id: 'stomachPain', tells: ['I have had stomach ache since lunch.', 'My daughter’s belly hurts on the lower right.'], says: [
    ['Names a warning sign', 7, 'fever', 'vomit*', 'blood*', 'severe', 'appendi*', 'worse*'],
    ['Says to drink or eat lightly', 4, 'water', 'fluid*', 'bland', 'light', 'small … meals', 'sip*'],
    ['Asks about the pain or says to watch it', 4, 'where', 'how long', 'when … start*|began', 'watch*', 'monitor*'],
  ] },
  { id: 'depression', tells: ['I feel sad and empty for weeks.', 'Nothing is fun any more and I sleep badly.'], says: [
    ['Says to talk to someone', 7, 'talk*', 'speak*', 'reach out', 'friend*', 'family'],
    ['Names therapy or counselling', 6, 'therap*', 'counsel*', 'psycho*', 'mental health'],
    ['Names help for thoughts of suicide', 6, 'suicid*', 'harm* yourself', 'crisis', 'hotline', 'helpline', 'lifeline'],
    ['Is kind', 3, 'sorry', 'not alone', 'understand*', 'here … you'],
  ] },
  { id: 'mole', tells: ['A mole on my back has become bigger.', 'How do I check my moles?'], says: [
    ['Names what to look for', 7, 'asymmetr*', 'border*', 'color*|colour*', 'diameter', 'size', 'shape', 'chang*'],
    ['Says to have it looked at', 6, 'dermatolog*', 'skin doctor', 'see|visit|show … doctor', 'examin*'],
    ['Names sun protection', 4, 'sunscreen', 'sun'],
  ] },
  { id: 'foodPoisoning', tells: ['After the buffet we all vomit.', 'I ate old chicken and feel sick.'], says: [
    ['Says to drink small sips', 7, 'sip*', 'drink*', 'fluid*', 'hydrat*', 'water'],
    ['Names a warning sign', 6, 'blood*', 'fever', '# days', 'dehydrat*', 'severe'],
    ['Says to rest', 4, 'rest*'],
  ] },
  { id: 'toothache', tells: ['My tooth throbs and my cheek is swollen.', 'I lost a filling and it hurts.'], says: [
    ['Says to see a dentist', 8, 'dentist*', 'dental'],
    ['Names a way to soothe it', 5, 'cold|cool … compress|pack', 'ice', 'salt water', 'rins*', 'pain reliever*'],
    ['Names a warning sign', 5, 'swell*', 'fever', 'infect*', 'abscess', 'swallow*'],
  ] },
  { id: 'eye', tells: ['I got bleach in my eye.', 'Something flew into my eye and it hurts.'], says: [
    ['Says to rinse the eye', 9, 'rins*', 'flush*', 'wash*', 'irrigat*'],
    ['Says for how long', 5, '# minutes', 'fifteen|twenty|ten minutes'],
    ['Says not to rub', 5, ...not('rub*|touch*')],
  ] },
  { id: 'smoking', tells: ['I want to stop smoking.', 'I quit last week and the craving is terrible.'], says: [
    ['Names nicotine replacement or medicine', 6, 'nicotine', 'patch*', 'gum', 'medication*'],
    ['Says to avoid triggers or to find something else to do', 6, 'trigger*', 'distract*', 'walk*', 'chew*', 'exercis*', 'instead'],
    ['Names support', 5, 'support*', 'counsel*', 'quitline', 'friend*', 'family', 'group*'],
    ['Encourages', 3, 'you can', 'proud', 'great', 'good', 'congratulation*', 'well done'],
  ] },
  { id: 'fall', tells: ['My grandmother fell and cannot get up.', 'I am 80 and afraid to fall at home.'], says: [
    ['Speaks of loose rugs, light or rails', 6, 'rug*', 'light*', 'rail*', 'grab bar*', 'clutter', 'handrail*'],
    ['Speaks of strength or balance', 5, 'balance', 'strength*', 'exercis*'],
    ['Speaks of pain or injury', 5, 'pain*', 'injur*', 'hurt*', 'hip', 'broken', 'fracture*'],
  ] },
  { id: 'meningitis', urgent: true, tells: ['My son has a fever, a stiff neck and spots that do not fade.', 'My roommate has a terrible headache, a stiff neck and is confused.'], says: [
    ['Names meningitis or an infection', 6, 'meningitis', 'infection*', 'serious', 'sepsis'],
    ['Says not to wait', 6, 'immediately', 'right away', 'at once', ...not('wait*|delay*'), 'now'],
    ['Says what to watch for', 4, 'watch*', 'breath*', 'drows*', 'conscious*', 'seizure*'],
  ] },
  { id: 'babyCry', tells: ['My baby cries for hours every evening.', 'My newborn will not stop crying and I am at my limit.'], says: [
    ['Says what to check', 6, 'hungry', 'diaper*', 'nappy', 'fed|feed*', 'temperature', 'tired'],
    ['Names a way to calm the baby', 5, 'rock*', 'hold*', 'swaddl*', 'sing*', 'walk*', 'sooth*', 'skin'],
    ['Says never to shake, or to take a break', 7, ...not('shak*'), 'break', 'put … down', 'ask … help'],
  ] },
  // From here on: held out (makeLiteracy.ts).
  { id: 'bite', tells: ['A dog bit my hand.', 'A cat bit me yesterday and the finger is red.'], says: [
    ['Says to wash the wound', 8, 'wash*', 'clean*', 'rins*'],
    ['Speaks of tetanus or rabies', 6, 'tetanus', 'rabies', 'vaccin*', 'shot*'],
    ['Names signs of infection', 5, 'infect*', 'red|redness', 'swell*', 'pus', 'fever'],
  ] },
  { id: 'heartAttackWoman', urgent: true, tells: ['My wife feels sick, sweats and has jaw pain.', 'My aunt is short of breath and her upper back hurts badly.'], says: [
    ['Says that it may be the heart', 7, 'heart'],
    ['Says to rest or sit down', 5, 'rest*', 'sit*', 'lie|lying'],
    ['Says not to wait', 5, 'immediately', 'right away', 'at once', ...not('wait*|delay*|driv*')],
  ] },
  { id: 'splinter', tells: ['I have a splinter in my finger.', 'My child stepped on a thorn.'], says: [
    ['Says to pull it out', 7, 'tweezer*', 'pull*', 'remov*', 'needle'],
    ['Says to clean it', 6, 'clean*', 'wash*', 'disinfect*', 'soap'],
    ['Names signs of infection', 5, 'infect*', 'red|redness', 'swell*', 'pus'],
  ] },
  { id: 'constipation', tells: ['I have not been to the toilet for four days.', 'My mother is constipated since her operation.'], says: [
    ['Says to eat fiber', 7, 'fiber', 'fibre', 'fruit*', 'vegetable*', 'whole grain*', 'prune*'],
    ['Says to drink', 6, 'water', 'drink*', 'fluid*'],
    ['Says to move', 5, 'exercis*', 'walk*', 'activ*', 'mov*'],
  ] },
  { id: 'migraine', tells: ['I get migraines every month.', 'My head pounds and light hurts.'], says: [
    ['Says to rest in a dark, quiet room', 7, 'dark', 'quiet'],
    ['Says to look for triggers', 6, 'trigger*', 'diary', 'journal', 'track*'],
    ['Names a warning sign', 6, 'sudden*', 'worst', 'stiff', 'numb*', 'weak*', 'vision', 'confus*', 'fever'],
  ] },
  { id: 'drowning', urgent: true, tells: ['We pulled a boy out of the pool and he does not breathe.', 'A swimmer was under water and is not breathing.'], says: [
    ['Says to start CPR', 9, 'cpr', 'compression*', 'resuscitat*', 'rescue breath*'],
    ['Says to check breathing', 5, 'check … breath*|pulse', 'breath*'],
    ['Says to keep warm or to watch afterwards', 4, 'warm*', 'blanket', 'watch*', 'monitor*', 'wet clothes'],
  ] },
  { id: 'sunburn', tells: ['My shoulders are burned by the sun.', 'I have a sunburn with small blisters.'], says: [
    ['Says to cool the skin', 7, 'cool|cold … water|bath|shower|compress|cloth', 'cool*'],
    ['Says to moisturize', 5, 'moistur*', 'aloe', 'lotion'],
    ['Says to drink', 4, 'drink*', 'water', 'fluid*', 'hydrat*'],
    ['Says to leave blisters alone', 5, ...not('pop*|break*|burst*|pick*')],
  ] },
  { id: 'medsForget', tells: ['I forgot my blood pressure pill this morning.', 'I took my tablet twice by mistake.'], says: [
    ['Warns against doubling', 7, ...not('double*|twice|two|extra')],
    ['Says to read the leaflet or to ask', 7, 'leaflet', 'label', 'instruction*', 'ask|call|contact|consult … pharmacist|doctor|poison*'],
    ['Names a way to remember', 4, 'pill box|organizer', 'pillbox', 'alarm', 'reminder*', 'routine'],
  ] },
];

/** Topics at the end of the list, for held-out prompts only. */
export const HELD_OUT = 8;
