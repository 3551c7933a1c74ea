import { expect, it } from 'vitest';
import { type Choice, choiceOf, countVotes, orderFrom, voteFor } from './blindVote';

it.each(['left', 'right', 'same'] as const)(
  'a vote for %s leads back to its button, whoever stands there',
  (choice: Choice) => {
    for (const first of ['base', 'checkpoint'] as const) {
      const order = orderFrom(first);
      expect(order[0]).toBe(first);
      expect(choiceOf(voteFor(choice, order), order)).toBe(choice);
    }
  },
);

it('prefers what stood on that side', () => {
  expect(voteFor('left', orderFrom('checkpoint'))).toBe('checkpoint');
  expect(voteFor('right', orderFrom('checkpoint'))).toBe('base');
  expect(voteFor('same', orderFrom('base'))).toBe('same');
});

it('counts blind votes only, and says what they are worth', () => {
  const cast = (vote: 'base' | 'checkpoint' | 'same', blind = true) => ({ vote, blind });
  const votes = [
    ...Array.from({ length: 9 }, () => cast('checkpoint')),
    cast('base'),
    cast('same'),
    cast('base', false),
  ];
  expect(countVotes(votes)).toEqual({
    checkpoint: 9,
    base: 1,
    same: 1,
    open: 1,
    preferred: { share: 0.9, interval: [expect.closeTo(0.5958, 4), expect.closeTo(0.9821, 4)] },
  });
  expect(countVotes([cast('same')]).preferred).toBeNull();
});
