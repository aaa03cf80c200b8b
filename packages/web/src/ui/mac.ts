/** Whether the keys are named as on a Mac. */
export const MAC = /Mac|iP/.test(navigator.platform);
