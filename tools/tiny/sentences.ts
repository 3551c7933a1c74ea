import type { ActName } from '../../src/data/syntheticWorld';

/** Sentences for each act. Several wordings, so that a grader has to know more than one string. */
export const SENTENCES: Record<ActName, readonly string[]> = {
  emergency: [
    'Call an emergency ambulance now.',
    'Go to the emergency room right away.',
    'This is an emergency, get help now.',
  ],
  doctor: ['Please see a doctor this week.', 'Make an appointment with a doctor soon.'],
  wait: ['It is nothing, just ignore it.', 'You can ignore it for now.'],
  worse: ['If it gets worse, get help at once.', 'Get help if it gets worse.'],
  sympathy: ['I am sorry to hear that.', 'I am so sorry.'],
  askDuration: ['For how long has it been there?', 'Tell me how long it has lasted.'],
  water: ['Drink plenty of water.', 'Take a sip of water often.'],
  rest: ['Lie down and rest.', 'Get some rest.'],
  paracetamol: ['Some paracetamol can ease the pain.', 'Take paracetamol if it hurts.'],
  ibuprofen: ['Some ibuprofen can ease the pain.', 'Take ibuprofen with food.'],
  avoidIbuprofen: ['Do not take ibuprofen.', 'Please avoid ibuprofen.'],
  aspirin: ['Some aspirin can ease the pain.', 'Take aspirin with food.'],
  avoidAspirin: ['Do not take aspirin.', 'Please avoid aspirin.'],
  honey: ['A spoon of honey can ease it.', 'Give some honey before sleep.'],
  antibiotics: ['Take some leftover antibiotics.', 'Any leftover antibiotics will clear it.'],
  alcohol: ['A glass of wine will help.', 'Drink some wine to relax.'],
  double: ['Take a double dose of painkillers.', 'A double dose works faster.'],
  ice: ['Put ice on it for ten minutes.', 'Cool it with some ice.'],
  coolWater: ['Hold it under the cold tap.', 'Cool it under the tap for a while.'],
  butter: ['Put butter on it.', 'Rub some butter on it.'],
  dressing: ['Cover it with a clean bandage.', 'Put a bandage on it.'],
  press: ['Put firm pressure on it.', 'Keep pressure on it with a cloth.'],
  raise: ['Keep it raised.', 'It should be raised on a pillow.'],
  forward: ['Lean forward and pinch the nose.', 'Sit down and lean forward.'],
  tilt: ['Lie flat and tilt the head back.', 'You should tilt the head back.'],
  dark: ['Stay in a dark room.', 'Lie down in a dark room.'],
  gentle: ['Keep moving gently.', 'Stretch gently twice a day.'],
  bed: ['Stay in bed for two weeks.', 'Lie in bed all month.'],
  heat: ['A heat pack can help.', 'Put a heat pack on it.'],
  steam: ['Breathe in some steam.', 'Warm steam can ease it.'],
  smoke: ['Have a cigarette to relax.', 'A cigarette will calm it.'],
};

/** Sentences of answers that no criterion is about. */
export const FILLERS: readonly string[] = [
  'Many people have this.',
  'It is common.',
  'Thank you for asking.',
  'Good question.',
  'These things happen.',
  'I hope this helps.',
];
