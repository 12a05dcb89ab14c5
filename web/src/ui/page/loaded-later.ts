import { lazy, type ComponentType } from 'react';
import { NotLoaded } from './not-loaded.tsx';

/**
 * Returns a component whose code is loaded when the component is first shown. If loading fails, for example without a
 * network, an error appears in place of the component. Without this error, the whole page would be blank.
 */
export function loadedLater<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  return lazy(() => load().catch((): { default: ComponentType<Props> } => ({ default: NotLoaded })));
}
