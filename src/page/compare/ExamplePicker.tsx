import { Button, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { Choice } from '../evaluate/fields';
import { plural } from '../shell/format';
import styles from './compare.module.css';
import { chosenPrompt, chosenSubject, nextExample } from './comparisonActions';
import { changeComparisonForm, comparisonStore, found, selectComparisonForm } from './comparisonStore';
import { LABEL } from './label';

/** An example of the run's data, found by its words. */
export function ExamplePicker({ source }: { source: 'heldOut' | 'train' }) {
  const { find } = useStore(comparisonStore, selectComparisonForm);
  const subject = chosenSubject() ?? '';
  const key = `${subject.slice(0, subject.indexOf('/'))}/${source}`;
  const examples = useStore(comparisonStore, (state) => state.examples[key]);
  if (!examples) return <p className="soft">Listing the examples…</p>;
  if (examples.length === 0)
    return (
      <p className="soft">
        This run has none: {source === 'heldOut' ? 'nothing was held out of its data' : 'its data is empty'}. Ask
        something else.
      </p>
    );
  const { listed, more } = found(examples, find);
  const prompt = chosenPrompt();
  return (
    <div className={styles.picker}>
      <TextInput
        label="Find an example"
        description={`Among ${plural(examples.length, 'example')}, by words at the beginning of the question`}
        labelProps={LABEL}
        value={find}
        onChange={({ currentTarget }) => changeComparisonForm({ find: currentTarget.value, promptId: null })}
      />
      {listed.length === 0 ? (
        <p className="soft">No example has these words.</p>
      ) : (
        <div className={styles.example}>
          <Choice
            label="Example"
            help={
              more > 0 ? `The first ${listed.length}; ${more} more match. Find them by their words.` : 'All that match.'
            }
            value={prompt?.kind === 'example' ? prompt.promptId : ''}
            options={listed.map(({ promptId, lastMessage, criteria }) => ({
              value: promptId,
              label: `${cut(lastMessage)} (${plural(criteria, 'criterion', 'criteria')})`,
            }))}
            onChange={(promptId) => changeComparisonForm({ promptId })}
          />
          <Button variant="default" size="sm" onClick={nextExample}>
            Next example
          </Button>
        </div>
      )}
    </div>
  );
}

const cut = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};
