import { expect, test } from 'vitest';
import { verdictForms } from '../../src/grading/gradeForced';
import { graderPrompt, parseTemplate } from '../../src/grading/graderPrompt';
import { encodeChat } from '../../src/text/chatTemplate';
import { chatText } from '../../src/text/chatText';
import { drawExample } from './curriculum';
import { Draw } from './draw';
import { exampleEncoder, graderTemplate, tinyTokenizer } from './encode';
import { gradingExample } from './sftExamples';

const tokenizer = tinyTokenizer();
const encode = exampleEncoder(tokenizer);

test('examples are encoded as the chat template writes them', () => {
  const draw = new Draw(3);
  for (let i = 0; i < 60; i++) {
    const example = drawExample(i / 60, draw, graderTemplate());
    const { ids, weights } = encode(example);
    expect(ids).toEqual([...encodeChat(tokenizer, example.turns, { addGenerationPrompt: false })]);
    expect(weights).toHaveLength(ids.length);
  }
});

test('a grading begins with the very tokens that the grader asks with in verdict mode', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { turns } = gradingExample(new Draw(seed), graderTemplate(), 1);
    const [message, answer, criterion] = turns[0]!.content
      .match(/user: (.*)\n\nassistant: (.*)\n\nCriterion:\n(.*)$/)!
      .slice(1) as [string, string, string];
    const text = chatText(tokenizer);
    const prompt = [{ role: 'user' as const, content: message }];
    const asked = graderPrompt(parseTemplate(graderTemplate()), prompt, answer, { criterion, points: 5 });
    const { prefix, whenTrue, whenFalse } = verdictForms(text, '{"explanation": "", "criteria_met":');
    const frame = [...text.encodeChat(asked), ...prefix];
    const { ids } = encode({
      kind: 'grading',
      turns: [turns[0]!, { role: 'assistant', content: '{"explanation": "", "criteria_met": true}' }],
    });
    expect(ids.slice(0, frame.length)).toEqual(frame);
    expect(whenTrue).toContain(ids[frame.length]);
    expect(whenFalse.length).toBeGreaterThan(0);
  }
});
