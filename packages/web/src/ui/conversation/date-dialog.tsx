import { Dialog } from '@base-ui/react/dialog';
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { addDays, addMonths, weeksOf, within, type Span } from '../../state/month.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import styles from './date-dialog.module.css';

export interface DateDialogProps {
  /** The day that is shown first, such as `2026-11-22`. */
  date: string;
  span: Span;
  onDate: (date: string) => void;
  onClose: () => void;
}

/** A calendar of the days of a chat; one leads to the first message of a day. */
export function DateDialog({ date, span, onDate, onClose }: DateDialogProps) {
  const words = useWords();
  const [open, setOpen] = useState(true);
  const [day, setDay] = useState(within(date, span));
  const grid = useRef<HTMLTableElement>(null);
  const { weekStart, month, weekdays, whole } = calendarOf(words.locale);
  const weeks = weeksOf(day, weekStart, span);

  /** The keys move the focus with the day; the buttons beside the month keep it. */
  const byKey = useRef(false);
  useLayoutEffect(() => {
    if (byKey.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    byKey.current = false;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- it is drawn where the day is now
  }, [day]);

  function choose(chosen: string): void {
    setOpen(false);
    onDate(chosen);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const next = moved(event.key, day, weekStart);
    if (next === undefined) return;
    event.preventDefault();
    byKey.current = true;
    setDay(within(next, span));
  }

  const step = (months: number) => {
    const next = addMonths(day, months);
    const possible =
      months < 0 ? span.first.slice(0, 7) <= next.slice(0, 7) : next.slice(0, 7) <= span.last.slice(0, 7);
    return { disabled: !possible, onClick: () => setDay(within(next, span)) };
  };
  return (
    <Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(shown) => !shown && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup
          className={`${popup.dialog} ${styles.dialog}`}
          initialFocus={() => grid.current?.querySelector<HTMLElement>('[tabindex="0"]') ?? null}
        >
          <div className={styles.head}>
            <button type="button" className={buttons.icon} aria-label={words.monthBefore} {...step(-1)}>
              <Icon name="back" />
            </button>
            <Dialog.Title className={styles.title}>{month.format(noon(day))}</Dialog.Title>
            <button
              type="button"
              className={`${buttons.icon} ${styles.after}`}
              aria-label={words.monthAfter}
              {...step(1)}
            >
              <Icon name="back" />
            </button>
          </div>
          {/* The days are a grid: one of them has the focus, and the arrows move it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- see above */}
          <table ref={grid} role="grid" className={styles.grid} aria-label={words.jumpToDate} onKeyDown={onKeyDown}>
            <thead>
              <tr>
                {weekdays.map(({ short, long }) => (
                  <th key={long} scope="col" abbr={long}>
                    {short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeks.map((week) => (
                <tr key={week[0]?.date}>
                  {week.map((one) => (
                    <td key={one.date}>
                      {one.inside && (
                        <button
                          type="button"
                          tabIndex={one.date === day ? 0 : -1}
                          disabled={!one.possible}
                          aria-label={whole.format(noon(one.date))}
                          aria-current={one.date === span.last ? 'date' : undefined}
                          onClick={() => choose(one.date)}
                        >
                          {one.day}
                        </button>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <div className={styles.foot}>
            <button type="button" className={buttons.quiet} onClick={() => choose(span.first)}>
              {words.toBeginning}
            </button>
            <button type="button" className={buttons.quiet} onClick={() => choose(span.last)}>
              {words.today}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Where a key leads from a day; undefined: nowhere. */
function moved(key: string, day: string, weekStart: number): string | undefined {
  const intoWeek = (new Date(noon(day)).getDay() - weekStart + 7) % 7;
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'Home':
      return addDays(day, -intoWeek);
    case 'End':
      return addDays(day, 6 - intoWeek);
    case 'PageUp':
      return addMonths(day, -1);
    case 'PageDown':
      return addMonths(day, 1);
    default:
      return undefined;
  }
}

/** How days are told in a language, and with which one its weeks begin. */
function calendarOf(locale: string) {
  const region = locale === 'en' ? 'en-GB' : locale;
  const { weekStart, weekdays } = weekOf(region);
  return {
    weekStart,
    weekdays,
    month: new Intl.DateTimeFormat(region, { month: 'long', year: 'numeric' }),
    whole: new Intl.DateTimeFormat(region, { dateStyle: 'full' }),
  };
}

function weekOf(region: string) {
  const told = new Intl.Locale(region);
  // Newer than the types that are at hand; where it is not there, weeks begin on Monday as in most of the world.
  const weekStart = 'getWeekInfo' in told ? (told.getWeekInfo as () => { firstDay: number }).call(told).firstDay : 1;
  const short = new Intl.DateTimeFormat(region, { weekday: 'short' });
  const long = new Intl.DateTimeFormat(region, { weekday: 'long' });
  const weekdays = Array.from({ length: 7 }, (_, index) => {
    // The 1st of November 2026 is a Sunday.
    const moment = new Date(2026, 10, 1 + ((weekStart + index) % 7), 12);
    return { short: short.format(moment), long: long.format(moment) };
  });
  return { weekStart, weekdays };
}

function noon(date: string): Date {
  return new Date(`${date}T12:00:00`);
}
