import { createStore } from 'zustand/vanilla';
import type { TeacherConfig } from '../../../domain/recipe/teacher';
import type { TeacherReport } from '../../../domain/reports';
import { type AsyncState, opening, ready, refused, settled } from '../../connection/asyncState';
import { call, isOpen } from '../../connection/calls';
import { failureOf } from '../../connection/showFailure';
import { changeRecipe, recipeStore } from '../recipe/recipeStore';

/** The open teacher; null until one is chosen. Its key goes to the worker and is not stored on the page. */
export const teacherStore = createStore<{ readonly teacher: AsyncState<TeacherReport> | null }>(() => ({
  teacher: null,
}));

const NONE: AsyncState<TeacherReport> = { state: 'opening', label: '', before: null };

export async function openTeacher(config: TeacherConfig, files: readonly File[], typedKey: string): Promise<void> {
  const key = typedKey.trim() === '' ? null : typedKey.trim();
  const change = (next: (now: AsyncState<TeacherReport>) => AsyncState<TeacherReport>) =>
    teacherStore.setState(({ teacher }) => ({
      teacher: settled(teacher ?? NONE, next(teacher ?? NONE), isOpen('openTeacher')),
    }));
  change((now) => opening(now, 'Opening the teacher'));
  try {
    const teacher = await call({ type: 'openTeacher', teacher: config, files, key });
    change(() => ready(teacher));
    nameTeacher(teacher);
  } catch (error) {
    change((now) => refused(now, failureOf(error)));
  }
}

/** Names this teacher in the recipe, also after a preset or a link has changed the recipe. */
export function nameTeacher(teacher: TeacherReport): void {
  const { config } = recipeStore.getState();
  changeRecipe({ ...config, grader: { ...config.grader, teacher: teacher.config } });
}
