/** Counts the shapes of snapshots; one of another shape is not taken. */
export const SNAPSHOT_FORMAT = 1;
