import { lazy, type ComponentType } from 'react';
import { NotLoaded } from './not-loaded.tsx';

/**
 * Gives a component that is loaded when it is first shown. One that cannot be loaded, without a network say, says so in its
 * place: else the whole page would be blank.
 */
export function loadedLater<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() => load().catch((): { default: ComponentType<Props> } => ({ default: NotLoaded })));
}
