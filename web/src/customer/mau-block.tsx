export function MauBlock() {
  return null;
}
