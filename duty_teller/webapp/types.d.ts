/** The page's shapes, for the type checker of `make lint` alone: no browser loads this file. */

/** A local date, `2026-11-23`; compares as a string. */
type Day = string;
/** `2026-11`. */
type Month = string;
/** Milliseconds since the epoch. */
type Instant = number;

/* What the server sends: `duty_teller/db/schemas.py`. */

interface Duty {
  id: number;
  roster_id: number;
  user_id: number;
  full_name: string;
  username: string | null;
  phone: string | null;
  position: string | null;
  start_at: string;
  end_at: string;
  event_type: string;
  note: string | null;
}

interface Roster {
  id: number;
  /** "" for the only one. */
  name: string;
  timezone: string;
  handover_at: string;
}

interface Gap {
  roster_id: number;
  start_at: string;
  end_at: string;
}

interface DayNote {
  roster_id: number;
  day: Day;
  kind: "holiday" | "event";
  text: string;
}

interface RosterNow {
  roster_id: number;
  current: Duty[];
  next: Duty[];
  gap: { start_at: string; end_at: string | null } | null;
  valid_until: string | null;
}

interface NowAnswer {
  now: string;
  rosters: RosterNow[];
}

interface Me {
  id: number;
  full_name: string;
  role: "admin" | "user";
  language: string;
  on_roster: boolean;
  rosters: Roster[];
  now: string;
}

interface Worked {
  shifts: number;
  hours: number;
  nights: number;
  night_hours: number;
  weekend_hours: number;
  holiday_hours: number;
}

interface BalanceRow extends Worked {
  user_id: number;
  full_name: string;
}

/** What is looked for, of a time on duty: the request that is not decided yet, and the part that it is about. */
interface Asked {
  asked: number | null;
  asked_start: string | null;
  asked_end: string | null;
}

interface OwnShift extends Asked {
  duty_id: number;
  roster_id: number;
  position: string | null;
  start_at: string;
  end_at: string;
}

interface MineAnswer {
  shifts: OwnShift[];
  away: Duty[];
  months: (Worked & { month: string })[];
}

interface Teammate {
  id: number;
  full_name: string;
  username: string | null;
  phone: string | null;
  next: { roster_id: number; start_at: string; end_at: string } | null;
  away: { roster_id: number; event_type: string; end_at: string } | null;
}

interface CalendarLink {
  mark: string;
  /** null: revoked. */
  feed: string | null;
  page: string | null;
  programs: { program: "google" | "apple" | "outlook"; address: string }[];
  qr: { size: number; path: string } | null;
}

/** A colleague's time on duty that one's own can be swapped for. */
interface Swap {
  duty_id: number;
  full_name: string;
  roster_id: number;
  start_at: string;
  end_at: string;
}

/** Whom cover can be asked of: colleagues one by one, or a group. */
interface CoverAnswer {
  people: string[];
  rested: boolean;
  groups: { chat_id: number; title: string }[];
}

/** A shift that would fall into an absence; `asked`: cover is looked for already, `at_once`: it will be. */
interface Falling {
  duty_id: number;
  text: string;
  asked: boolean;
  at_once: boolean;
}

interface Reminders {
  leads: number[];
  possible_leads: number[];
  quiet: [string, string] | null;
  kinds: string[];
  possible_kinds: string[];
}

/** A request as the bot tells of it. */
interface CoverRequest {
  id: number;
  lines: string[];
  choices: { answer: string; label: string }[];
}

/** Somebody as admins look at them. */
interface Person {
  id: number;
  full_name: string;
  username: string | null;
  phone: string | null;
  has_account: boolean;
  reachable: boolean;
  is_active: boolean;
  is_admin: boolean;
  admin_by_settings: boolean;
  coming: number;
}

type Managed = Person & { colour: number };

interface MergePlan {
  source_id: number;
  source_name: string;
  target_id: number;
  target_name: string;
  moved: number;
  twice: number;
  overlaps: { roster_id: number; start_at: string; end_at: string }[];
  fingerprint: string;
}

interface Done {
  affected: number;
  asked: number;
  /** Of an edit or an undo: the change it made. */
  change_id: number;
  /** Of an import. */
  facts: string;
}

/* `duty_teller/api/changes.py` and `history.py`. */

interface DayShift extends Asked {
  duty_id: number;
  changed: { name: string; at: string; file: string | null } | null;
}

interface DayAnswer {
  shifts: DayShift[];
  people: { id: number; full_name: string }[];
  spans: { start_at: string; end_at: string }[];
  positions: { position: string; duty_id: number }[];
}

interface PreviewAnswer {
  lines: string[];
  warnings: string[];
  past: boolean;
  fingerprint: string;
  revision: number;
  moved: string[];
}

interface HistoryChange {
  change_id: number;
  roster_id: number;
  at: string;
  text: string;
  undone: boolean;
  redoes: boolean;
}

interface HistoryAnswer {
  changes: HistoryChange[];
  more: boolean;
}

/* `duty_teller/api/imports.py`. */

interface CodeAnswer {
  mark: string;
  key: string;
  code: string;
  meaning: string;
  why: string;
  options: string[];
}

interface StepAnswer {
  kind: "none" | "question" | "codes" | "team" | "by_hand" | "preview" | "nothing_new" | "refused";
  draft_id: number;
  file_name: string;
  roster: string;
  text: string;
  rest: string;
  mark: string;
  options: string[];
  typed: boolean;
  codes: CodeAnswer[];
  is_open: boolean;
  names_first: boolean;
  lines: string[];
  details: string[];
  missing: string;
  newer: string;
  keeps: boolean;
  answered: number;
  fingerprint: string;
}

/** What can be said about a name or a day (`key`: as its cells have it), or about all days; `day`: what a day's cell means now. */
interface CellAnswer {
  day: string;
  mark: string;
  key: string;
  kind: string;
  subject: string;
  meaning: string;
  options: string[];
}

/** Row, column, text, role, note, folded code or name, or of a day its address. */
type FileCell = [number, number, string, string, string, string];

interface GridAnswer {
  sheets: { name: string; cells: FileCell[]; merges: [number, number, number, number][] }[];
  roles: Record<string, string>;
  lines: string[];
  left_out: number;
  codes: CodeAnswer[];
  cells: CellAnswer[];
}

/** A shift on the board, by the person and the day it is shown at. */
interface BoardShift extends Span {
  id: number;
  userId: number;
  name: string;
  day: Day;
  position: string | null;
}

/* `duty_teller/api/rosters.py`. */

interface RosterForm {
  id: number;
  /** Field → what it shows. */
  values: Record<string, string>;
  /** Minutes → in words. */
  leads: Record<string, string>;
  remembered: { kind: string; key: string; text: string }[];
}

interface RostersAnswer {
  rosters: RosterForm[];
  retired: { id: number; name: string }[];
  presets: string[];
}

/* `duty_teller/api/upkeep.py`. */

interface OtherCalendar {
  id: number;
  roster_id: number;
  name: string;
  host: string;
  lines: string[];
  in_trouble: boolean;
  from_setting: boolean;
  is_absences: boolean;
}

interface UpkeepAnswer {
  calendars: OtherCalendar[];
  groups: { chat_id: number; title: string; digest: string }[];
  backs_up: boolean;
  backup: { made_at: string; size: number } | null;
}

interface UndoAnswer {
  parts: { roster: string; lines: string[]; warnings: string[] }[];
}

/** A language's table: `Language.for_page` in `duty_teller/i18n/languages.py`. */
interface Language {
  code: string;
  locale: string;
  plurals: string;
  pluralsExact: Record<string, number>;
  weekdays: string[];
  weekdaysLong: string[];
  months: string[];
  monthsInDate: string[];
  monthsInDateLong: string[];
  firstWeekday: number;
  date: string;
  day: string;
  dayLong: string;
  withYear: string;
  decimalMark: string;
}

type Texts = Record<string, string | string[]>;

/* What the views draw. */

/** `t(key, {name})`, and `t(key, {n})` for plurals. */
type Translate = (key: string, values?: Record<string, unknown>) => string;
type Formats = ReturnType<typeof import("./core.js").formats>;
type Api = ReturnType<typeof import("./edges.js").createApi>;
type Entry = ReturnType<typeof import("./core.js").entryOf>;
type NowCard = NonNullable<ReturnType<typeof import("./core.js").nowModel>>;
type Problem = import("./edges.js").ApiError;

/** A shift in a day of the month. `joins`, `joined`: it goes on in the next day's bar, or comes from the last one's. */
type Shown = Entry & { short: string; joins?: boolean; joined?: boolean };

interface Span {
  start: Instant;
  end: Instant;
}

interface Cell {
  day: Day;
  inMonth: boolean;
  today: boolean;
  shifts: Shown[];
  away: Shown[];
  gaps: Span[];
  notes: DayNote[];
}

/** Of somebody in a span; hours but for `shifts` and `nights`. */
interface Figures {
  shifts: number;
  hours: number;
  nights: number;
  night: number;
  weekend: number;
  holiday: number;
}

/** What the balance compares. */
type Metric = "hours" | "nights" | "weekend" | "holiday";
type Measured = ReturnType<typeof import("./models/balance.js").balanceModel>["people"][0];
type Mate = ReturnType<typeof import("./models/people.js").teamModel>[0];

/** The room in a day of the month. `tight`: no sign has room beside the number. */
interface Room {
  grid: number;
  tight: boolean;
  cell: number;
  name: number;
  measure: (text: string) => number;
}

/** A day of the grid, made to be shown: `look` names all it depends on besides the cell and how long its bars are; `say` writes what is heard of it, once. */
interface Piece {
  look: string;
  cell: Cell;
  lengths: number[];
  nodes: HTMLElement[];
  say: () => void;
}

/** A day of the list; `fill` makes what it shows, once. */
interface ListDay {
  look: string;
  cell: Cell;
  node: HTMLElement;
  fill: () => void;
}

/** What the server has said of a month. */
interface KnownMonth {
  month: Month;
  duties: Duty[];
  gaps: Gap[];
  days: DayNote[];
}

type MonthModel = ReturnType<typeof import("./models/month.js").monthModel>;

/** What every view is given. */
interface Context {
  t: Translate;
  lang: string;
  now: Instant;
  today: Day;
  meId: number;
  /** Whether this person has shifts, or is an admin. */
  canAct: boolean;
  admin: boolean;
  rosters: Roster[];
  /** The phone's zone where its clock is not every roster's, else "". */
  ownZone: string;
  /** Whether its times are shown beside the rosters'. */
  besides: boolean;
}

/** Of views whose entries are of several rosters. */
interface Zoned extends Context {
  format: (zone: string) => Formats;
}

/** Of the views of one roster. */
interface OfRoster extends Context {
  format: Formats;
  rosterId: number;
}

interface MonthContext extends OfRoster {
  roster: Roster;
  duties: Duty[] | null;
  gaps: Gap[];
  days: DayNote[];
  month: Month;
  layout: string;
  failed: boolean;
  firstWeekday: number;
  focusDay: Day | null;
  openDay: Day | null;
  onlyMine: boolean;
  canFilter: boolean;
  freshAt: Instant;
  /** The months beside it, as far as they are there. */
  near: KnownMonth[];
  model: MonthModel;
}

interface MineContext extends Zoned {
  data: MineAnswer;
  language: Language;
  request: CoverRequest | null;
  link: CalendarLink | null;
  copied: boolean;
}

interface TeamContext extends Zoned {
  /** `people`: of everybody, for admins. */
  data: { team: Teammate[]; people: Person[] };
  admin: boolean;
}

interface DayContext extends MonthContext {
  cell: Cell | null;
  zone: string;
}

/** Of the forms that change a day's shifts. */
interface ChangeContext extends DayContext {
  cell: Cell;
  facts: DayAnswer;
}

interface AdminContext extends Zoned {
  /** `stepAt`: when the step was asked for, by `performance.now`. */
  data: { history: HistoryAnswer; step: StepAnswer; stepAt: number; rosters: RostersAnswer; upkeep: UpkeepAnswer };
  rosterId: number;
  firstWeekday: number;
}

interface BalanceContext extends Zoned {
  /** `asked`: what the rows are the answer to. */
  data: { asked: string, rows: BalanceRow[] };
  language: Language;
  rosterId: number;
}

/** Sends an event up: `act` of `main.js` knows them all. */
type Emit = (name: string, value?: any) => void;
/** Draws what it is given; the same again changes nothing. */
type Update<Given> = (given: Given) => void;

/** What an action's form says and sends. */
interface Action {
  path: string;
  title: string;
  about: string;
  confirm: string;
  done: (answer: any) => string;
  body: (values: Record<string, string>) => object;
  fields?: HTMLElement[];
  /** Called whenever the form is opened; `go` is its button. */
  opened?: (emit: Emit, go: HTMLButtonElement) => void;
}

/** An action on its way. `after`: what its form does then. */
interface Doing {
  path: string;
  key: string;
  body: object;
  done: (answer: any) => Outcome;
  after: (error?: Refusal) => void;
  /** What it was done with: the sheet around it is closed when it is done. */
  from?: Element | null;
}

interface Refusal {
  kind: string;
  text: string;
}

/** How an action went. `undo`: the change that can be taken back, or (`redo`) brought back. */
type Outcome = string | { text: string; undo?: number; redo?: boolean };

type MakeAction = (name: string, action: Action) => HTMLElement;

/** A time on duty as its forms know it. */
interface OnDuty extends Span {
  id: number;
  own: boolean;
  name?: string;
  asked?: number | null;
  askedStart?: string | null;
  askedEnd?: string | null;
}

/* Elements. */

type Attributes = Record<string, string | number | boolean | null | undefined | ((event: any) => void)>;
type Child = Node | string | false | null | undefined | Child[];
type TagOf<Selector extends string> = Selector extends `${infer Tag}.${string}` ? Tag : Selector;
type Made<Selector extends string> = TagOf<Selector> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[TagOf<Selector>] : HTMLElement;

/* The page's one state: `main.js`. */

interface Known {
  duties: Duty[];
  gaps: Gap[];
  days?: DayNote[];
}

interface State {
  /** Of `language`, or the tag to ask for. */
  lang: string;
  language: Language | null;
  texts: Texts;
  tab: string;
  /** A page instead of the views. */
  trouble: { kind: string; message: string; request?: string; at: Instant } | null;
  me: Me | null;
  rosterId: number;
  now: NowAnswer | null;
  /** What all rosters have in a month. */
  months: Map<Month, Known>;
  failedMonths: Set<Month>;
  /** "" until the roster's today is known. */
  month: Month;
  focusDay: Day | null;
  openDay: Day | null;
  onlyMine: boolean;
  /** `list` or `grid`; "": as it suits the month. */
  layout: string;
  /** Tab → what it shows, of those that load something of their own. */
  data: Map<string, any>;
  /** The calendar link while its sheet is open. */
  link: CalendarLink | null;
  /** The request whose sheet is open. */
  request: CoverRequest | null;
  copied: boolean;
  /** Whether times by the phone's own clock are shown beside the roster's. */
  besides: boolean;
  /** How an action went, for a few seconds. */
  flash: { text: string; key: string; undo?: number; redo?: boolean } | null;
  stale: { kind: string; since: Instant; request?: string } | null;
  /** Whether it is asked if the app should be on the home screen. */
  offer: boolean;
  freshAt: Instant;
  /** Server's clock minus ours, for phones with a wrong one. */
  clockSkew: number;
}

interface View {
  root: HTMLElement;
  /** null: its module is not there yet. */
  update: Update<any> | null;
  load?: (api: Api, about: { today: Day; rosterId: number; rosters: Roster[]; admin: boolean }) => Promise<unknown>;
}

/* What is used of Telegram's script; https://core.telegram.org/bots/webapps */

interface TelegramButton {
  show(): void;
  hide(): void;
  onClick(heard: () => void): void;
}

interface TelegramMainButton extends TelegramButton {
  setParams(wish: { text: string; is_active: boolean; is_visible: boolean }): void;
  showProgress(leaveActive?: boolean): void;
  hideProgress(): void;
}

interface TelegramWebApp {
  initData: string;
  themeParams?: Record<string, string>;
  isVersionAtLeast?(version: string): boolean;
  ready?(): void;
  expand?(): void;
  close(): void;
  onEvent?(name: string, heard: (event?: any) => void): void;
  setHeaderColor?(colour: string): void;
  setBackgroundColor?(colour: string): void;
  openLink?(url: string): void;
  openTelegramLink?(url: string): void;
  BackButton: TelegramButton;
  MainButton?: TelegramMainButton;
  /** 8.0 */
  checkHomeScreenStatus?(heard: (status: "unsupported" | "unknown" | "added" | "missed") => void): void;
  addToHomeScreen?(): void;
  HapticFeedback?: { selectionChanged(): void; notificationOccurred?(kind: "success" | "error"): void };
}

interface Window {
  Telegram?: { WebApp?: TelegramWebApp };
}
