export function MauAlertBlock() {
  return null;
}
