import { Component, type ReactNode } from 'react';

export interface BoundaryProps {
  /** What the children are of, such as when it was read: of another one, they are tried again. @default - never */
  readonly of?: unknown;
  /** What stands there when they cannot be rendered. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly of?: unknown;
  readonly hasFailed: boolean;
}

/** Keeps what cannot be rendered, as an answer that is not as it should be, from taking all around it along. */
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
