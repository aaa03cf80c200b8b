import type { Browser, Page } from 'playwright-core';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';

/** What the main threads of the pages did meanwhile. Times in milliseconds. */
export interface Work {
  wall: number;
  /** Processor time of all tasks. */
  cpu: number;
  /** The longest task by the clock on the wall: on a busy machine it has waited, too. */
  longest: number;
  /** The longest task in processor time. */
  longestCpu: number;
}

/** What the browser writes of a task; times in microseconds. */
const Task = Type.Object({ pid: Type.Number(), tid: Type.Number(), dur: Type.Number(), tdur: Type.Number() });
const ThreadName = Type.Object({
  pid: Type.Number(),
  tid: Type.Number(),
  name: Type.Literal('thread_name'),
  args: Type.Object({ name: Type.Literal('CrRendererMain') }),
});
const Trace = Type.Object({ traceEvents: Type.Array(Type.Object({ name: Type.String() })) });

/** Runs something, and tells what it cost: the browser itself writes down every task. */
export async function traced(browser: Browser, page: Page, act: () => Promise<void>): Promise<Work> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
  const began = performance.now();
  await act();
  const wall = performance.now() - began;
  const { traceEvents } = Value.Parse(Trace, JSON.parse((await browser.stopTracing()).toString()));
  const threads = new Set(traceEvents.filter((event) => Value.Check(ThreadName, event)).map(threadOf));
  const tasks = traceEvents.filter(
    (event): event is Static<typeof Task> & { name: string } =>
      event.name === 'ThreadControllerImpl::RunTask' && Value.Check(Task, event) && threads.has(threadOf(event)),
  );
  return {
    wall,
    cpu: tasks.reduce((sum, { tdur }) => sum + tdur, 0) / 1000,
    longest: tasks.reduce((most, { dur }) => Math.max(most, dur), 0) / 1000,
    longestCpu: tasks.reduce((most, { tdur }) => Math.max(most, tdur), 0) / 1000,
  };
}

function threadOf({ pid, tid }: { pid: number; tid: number }): string {
  return `${pid} ${tid}`;
}
