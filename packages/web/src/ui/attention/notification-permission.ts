/** Whether the browser lets the page show notifications; `unsupported`: it knows none, or not at this address. */
export type NotificationPermissionState = 'unsupported' | 'default' | 'granted' | 'denied';

export const permission = {
  get(): NotificationPermissionState {
    return supported() ? Notification.permission : 'unsupported';
  },
  /** Calls back where it is changed in the browser's own settings, which not every browser tells. */
  watch(listener: () => void): () => void {
    let stopped = false;
    let status: PermissionStatus | undefined;
    const begin = async (): Promise<void> => {
      const found = await navigator.permissions.query({ name: 'notifications' });
      if (stopped) return;
      status = found;
      status.addEventListener('change', listener);
    };
    // A browser that does not tell of it asks again when the page is looked at.
    if (supported()) begin().catch(() => undefined);
    globalThis.addEventListener('focus', listener);
    return () => {
      stopped = true;
      status?.removeEventListener('change', listener);
      globalThis.removeEventListener('focus', listener);
    };
  },
};

/** Has the browser ask; only where the reader has just said that they want it. True: it is allowed. */
export async function askPermission(): Promise<boolean> {
  return supported() && (await Notification.requestPermission()) === 'granted';
}

function supported(): boolean {
  return isSecureContext && 'Notification' in globalThis;
}
