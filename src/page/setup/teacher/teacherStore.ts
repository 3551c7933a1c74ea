import { createStore } from 'zustand/vanilla';
import type { TeacherConfig } from '../../../domain/recipe/teacher';
import type { TeacherReport } from '../../../domain/reports';
import type { AsyncState } from '../../connection/asyncState';
import { send } from '../../connection/send';
import { changeRecipe, recipeStore } from '../recipe/recipeStore';

/** The teacher that was given; null until one is. Its key passes through to the worker and is not kept on the page. */
export const teacherStore = createStore<{ readonly teacher: AsyncState<TeacherReport> | null }>(() => ({
  teacher: null,
}));

export function openTeacher(teacher: TeacherConfig, files: readonly File[], key: string): void {
  teacherStore.setState({ teacher: { state: 'opening', label: 'Opening the teacher' } });
  send({ type: 'openTeacher', teacher, files, key: key.trim() === '' ? null : key.trim() });
}

/** The recipe names the teacher from now on. */
export function teacherOpened(teacher: TeacherReport): void {
  teacherStore.setState({ teacher: { state: 'ready', value: teacher } });
  nameTeacher(teacher);
}

/** Also for one that is still open when the recipe has become another, by a preset or a link. */
export function nameTeacher(teacher: TeacherReport): void {
  const { config } = recipeStore.getState();
  changeRecipe({ ...config, grader: { ...config.grader, teacher: teacher.config } });
}
