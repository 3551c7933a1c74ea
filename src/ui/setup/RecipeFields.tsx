import type { RecipeField } from '../../store/recipeField';
import { ChoiceInput } from './ChoiceInput';
import { NumberInputField } from './NumberInputField';
import styles from './setup.module.css';

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
