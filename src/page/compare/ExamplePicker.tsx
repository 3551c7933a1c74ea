import { Button, TextInput } from '@mantine/core';
import { useStore } from 'zustand';
import { Choice } from '../evaluate/fields';
import { plural } from '../shell/format';
import styles from './compare.module.css';
import { chosenPrompt, chosenSubject, nextExample } from './comparisonActions';
import { changeComparisonForm, comparisonStore, found, selectComparisonForm } from './comparisonStore';
import { LABEL } from './label';

/** Searches the examples of the run's data. */
export function ExamplePicker({ source }: { source: 'heldOut' | 'train' }) {
  const { find } = useStore(comparisonStore, selectComparisonForm);
  const subject = chosenSubject() ?? '';
  const key = `${subject.slice(0, subject.indexOf('/'))}/${source}`;
  const examples = useStore(comparisonStore, (state) => state.examples[key]);
  if (!examples) return <p className="soft">Loading examples…</p>;
  if (examples.length === 0)
    return (
      <p className="soft">
        {source === 'heldOut' ? 'This run held no examples out' : 'The data of this run is empty'}. Choose another
        prompt.
      </p>
    );
  const { listed, more } = found(examples, find);
  const prompt = chosenPrompt();
  return (
    <div className={styles.picker}>
      <TextInput
        label="Find an example"
        description={`Searches the beginning of ${plural(examples.length, 'prompt')}`}
        labelProps={LABEL}
        value={find}
        onChange={({ currentTarget }) => changeComparisonForm({ find: currentTarget.value, promptId: null })}
      />
      {listed.length === 0 ? (
        <p className="soft">No example matches these words.</p>
      ) : (
        <div className={styles.example}>
          <Choice
            label="Example"
            help={
              more > 0
                ? `Shows the first ${listed.length}; ${more} more match. Search to narrow the list.`
                : 'Shows all matches.'
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
