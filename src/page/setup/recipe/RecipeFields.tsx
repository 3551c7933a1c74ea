import type { RecipeField } from '../../../domain/recipe/pageFields';
import styles from '../setup.module.css';
import { ChoiceInput } from './ChoiceInput';
import { NumberInputField } from './NumberInputField';

export function RecipeFields({ fields }: { fields: readonly RecipeField[] }) {
  return (
    <div className={styles.fields}>
      {fields.map((field) =>
        field.kind === 'choice' ? (
          <ChoiceInput key={field.id} field={field} />
        ) : (
          <NumberInputField key={field.id} field={field} />
        ),
      )}
    </div>
  );
}
