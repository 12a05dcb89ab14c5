import { Component, type ReactNode } from 'react';

export interface BoundaryProps {
  /**
   * A value that identifies the data that the children show, such as the time at which the data was read. When this
   * value changes after an error, the children are rendered again.
   * @default - after an error, the children are never rendered again
   */
  readonly of?: unknown;
  /** The content that is shown if the children cannot be rendered. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly of?: unknown;
  readonly hasFailed: boolean;
}

/**
 * Catches errors that the children throw while they are rendered, for example because of an unexpected response. The
 * rest of the page stays visible.
 */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override readonly state: BoundaryState = { hasFailed: false };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ of }: BoundaryProps, state: BoundaryState): BoundaryState {
    return { of, hasFailed: state.hasFailed && state.of === of };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
