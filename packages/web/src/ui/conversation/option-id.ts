/** What the field names as the option that is chosen. */
export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}
