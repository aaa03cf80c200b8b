import type { ExportQuery } from '@beseda/protocol/exports.ts';

/** What a page of a chat says besides the chat. */
export interface ExportWords {
  /** @param moment as words, the time zone included. */
  exported: (moment: string) => string;
  edited: string;
  deleted: string;
  answers: string;
  forwarded: string;
  nothing: string;
}

export const words: Record<ExportQuery['language'], ExportWords> = {
  en: {
    exported: (moment) => `As it was on ${moment}`,
    edited: 'edited',
    deleted: 'Deleted message',
    answers: 'In answer to',
    forwarded: 'Forwarded from',
    nothing: 'There are no messages.',
  },
  ru: {
    exported: (moment) => `Как было ${moment}`,
    edited: 'изменено',
    deleted: 'Сообщение удалено',
    answers: 'В ответ на сообщение от',
    forwarded: 'Переслано, автор:',
    nothing: 'Сообщений нет.',
  },
};
