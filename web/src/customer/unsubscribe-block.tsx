export function UnsubscribeBlock() {
  return null;
}
