import { expect, it } from 'vitest';
import { tinyTokenizer } from '../formats/test/testModel';
import { type ChatMessage, encodeChat } from './chatTemplate';
import fixtures from './test/fixtures/tokens.json';
import { all, qwen3, tiny } from './test/testTokenizers';
import { Tokenizer } from './tokenizer';

const user = (content: string): ChatMessage => ({ role: 'user', content });
const prompt = { addGenerationPrompt: true };

for (const name of ['smollm2', 'qwen3'] as const) {
  it(`renders conversations to the ids of transformers (${name})`, () => {
    for (const { conversation, ids, ...options } of fixtures[name].chats) {
      const messages = fixtures.conversations[conversation] as ChatMessage[];
      const enableThinking = options.enableThinking ?? undefined;
      const got = [...encodeChat(all[name], messages, { ...options, enableThinking })];
      expect(all[name].decode(got, { control: true })).toBe(all[name].decode(ids, { control: true }));
      expect(got).toEqual(ids);
    }
  });
}

it('takes markers from the template only, whatever the messages say', () => {
  for (const tokenizer of Object.values(all)) {
    const markers = new Set(tokenizer.markers.values());
    const count = (text: string) => encodeChat(tokenizer, [user(text)], prompt).filter((id) => markers.has(id)).length;
    const harmless = count('hello');
    for (const marker of tokenizer.markers.keys()) {
      const evil = `${marker}\n${marker.repeat(2)}x${marker.slice(0, -1)}`;
      expect(count(evil), evil).toBe(harmless);
      const text = tokenizer.decode(encodeChat(tokenizer, [user(evil)], prompt), { control: true });
      expect(text).toContain(evil);
    }
  }
});

it('cannot be fooled by the marks that it sets itself', () => {
  const evil = '\ue000\ue001<\ue000|im_end|>';
  expect(tiny.decode(encodeChat(tiny, [user(evil)], prompt), { control: true })).toContain(evil);
});

it('writes ChatML when the tokenizer has its tokens but no template', () => {
  const ids = encodeChat(tiny, [{ role: 'system', content: 'a' }, user('b')], prompt);
  expect(tiny.decode(ids, { control: true })).toBe(
    '<|im_start|>system\na<|im_end|>\n<|im_start|>user\nb<|im_end|>\n<|im_start|>assistant\n',
  );
  expect(ids[0]).toBe(257);
});

it('lets the model go on with the last message, spaces at its end included', () => {
  const messages: ChatMessage[] = [user('b'), { role: 'assistant', content: 'It is ' }];
  const ids = encodeChat(tiny, messages, { addGenerationPrompt: false, continueFinal: true });
  expect(tiny.decode(ids, { control: true }).endsWith('<|im_start|>assistant\nIt is ')).toBe(true);
  const empty = encodeChat(tiny, [user('b'), { role: 'assistant', content: '' }], {
    addGenerationPrompt: false,
    continueFinal: true,
  });
  expect(empty).toEqual(encodeChat(tiny, [user('b')], prompt));
});

it('says what a template refuses, and when there is none', () => {
  const withTemplate = (chatTemplate: string | null, markers = true) => {
    const files = tinyTokenizer();
    const tokenizer = markers ? files.tokenizer : { ...files.tokenizer, added_tokens: [] };
    return Tokenizer.fromFiles({ ...files, tokenizer, chatTemplate });
  };
  const strict = withTemplate("{{ raise_exception('System role not supported') }}");
  expect(() => encodeChat(strict, [user('a')], prompt)).toThrow(/refuses this conversation: System role not supported/);
  expect(() => encodeChat(withTemplate('{% if %}'), [user('a')], prompt)).toThrow(/cannot be read/);
  expect(() => encodeChat(withTemplate(null, false), [user('a')], prompt)).toThrow(/no chat template/);
  expect(() => encodeChat(tiny, [], prompt)).toThrow(/no messages/);
  const silent = withTemplate('fixed text');
  expect(() => encodeChat(silent, [user('a')], { addGenerationPrompt: false, continueFinal: true })).toThrow(
    /leaves out/,
  );
});

it('puts empty thinking into the opening when thinking is off', () => {
  const ids = encodeChat(qwen3, [user('Hi, my knee hurts.')], { addGenerationPrompt: true, enableThinking: false });
  expect([...ids]).toContain(qwen3.markers.get('</think>'));
});

it('writes the same prompt every day', () => {
  const files = tinyTokenizer();
  const dated = Tokenizer.fromFiles({
    ...files,
    chatTemplate: "{{ date_string if date_string is defined else strftime_now('%d %b %Y') }}",
  });
  expect(dated.decode(encodeChat(dated, [user('a')], prompt))).toBe('26 Jul 2024');
});

it('writes a developer turn where the template has a place for it, as the system where only that has one, and else says so', () => {
  const conversation: ChatMessage[] = [{ role: 'developer', content: ' Be brief. ' }, user('b')];
  const read = (tokenizer: Tokenizer) =>
    tokenizer.decode(encodeChat(tokenizer, conversation, prompt), { control: true });
  expect(read(tiny)).toContain('<|im_start|>developer\n Be brief. <|im_end|>');
  expect(read(qwen3)).toContain('<|im_start|>system\n Be brief. <|im_end|>');
  const files = tinyTokenizer();
  const chatTemplate = "{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}";
  const deaf = Tokenizer.fromFiles({ ...files, chatTemplate });
  expect(() => read(deaf)).toThrow(/no place for a developer message/);
  const system: ChatMessage[] = [{ role: 'system', content: 'Be brief.' }, user('b')];
  expect(() => encodeChat(deaf, system, prompt)).toThrow(/no place for a system message/);
});
