// What the page's data are, as content.py writes them, and what its scripts make of them.

type View = 'value' | 'gap' | 'change' | 'quality';
/** What all areas have in common stands once; else one after the other, the city last. */
type Part<T> = T | null | (T | null)[];

/** One theme, period and sex: numbers are whole tenths, texts their place in `texts`. */
interface Column {
  value?: (number | null)[];
  half?: (number | null)[];
  part?: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
  gap_low?: (number | null)[];
  gap_high?: (number | null)[];
  numerator?: Part<number>;
  denominator?: Part<number>;
  counted?: Part<number>;
  /** A sign for each area: 1, 0, or - where it is not known. */
  apart?: string;
  sure?: string;
  status?: Part<number>;
  reference?: Part<number>;
  reason?: Part<number>;
}

/** What is shown of one area: a value with what belongs to that value. */
interface Figure {
  value: number | null;
  status: string;
  low?: number;
  high?: number;
  half?: number;
  part?: number;
  gap?: number;
  gapLow?: number;
  gapHigh?: number;
  apart?: boolean;
  sure?: boolean;
  reference?: string;
  reason?: string;
  numerator?: number;
  denominator?: number;
  counted?: number;
}

interface Theme {
  code: string;
  kind: 'index' | 'dimension' | 'indicator' | 'chapter';
  legend: string;
  dimension?: string;
  name: string;
  short: string;
  good: 'high' | 'low';
  total?: number;
  about: string[];
  notes: string[];
  empty: boolean;
}

interface Legend {
  breaks: number[];
  mirrored: boolean;
  classes: { range: string; meaning: string }[];
}

interface Area {
  code: string;
  name: string;
  label: [number, number];
  /** Places of the areas it shares a border with. */
  near: number[];
  /** The place of the run's own area that it lies in. */
  inside?: number;
}

interface Facts {
  rank_low?: number;
  rank_high?: number;
  often?: number;
  variants?: number;
  lowest?: number;
  population?: number;
  story?: string[];
}

interface Level {
  code: string;
  name: string;
  periods: string[];
  /** By sex, period and theme. */
  figures: Record<string, Record<string, Record<string, Column>>>;
  change: Record<string, Column>;
  population: Record<string, Part<number>>;
  facts: Record<string, Record<string, Facts>>;
  stories: Record<string, string[]>;
  areas: Area[];
  /** Of smaller areas: polygons of rings of steps. */
  shapes: number[][][][];
  /** Where each area stands, the city last; made when the page is read. */
  placeOf: Map<string, number>;
}

/** What a stage beside the index tells, in texts by period and area. */
interface Chapter {
  title: string;
  about: string;
  labels: string[];
  texts: Record<string, Record<string, string[]>>;
}

interface PageData {
  lang: string;
  city: string;
  base: string;
  synthetic: boolean;
  sexes: string[];
  between: string[];
  views: View[];
  colours: { score: string[]; quality: string[] };
  themes: Theme[];
  legends: Record<string, Legend>;
  start: string;
  levels: Level[];
  chapters?: Chapter[];
  texts: string[];
  words: {
    page: Record<string, string>;
    number: { decimal: string; thousands: string; minus: string; percent: string };
    status: Record<string, string>;
  };
}

/** What a link can carry. */
interface Choice {
  level: string;
  theme: string;
  view: View;
  period: string;
  sex: string;
  area: string;
}

interface State extends Choice {
  sort: { column: number; descending: boolean };
  withPatterns: boolean;
}

/** A column of the table. */
interface Shown {
  theme: Theme;
  view: View;
}

/** The areas of one level as they are drawn: their layers by code, in order. */
interface Drawing {
  group: L.FeatureGroup;
  layers: Map<string, any>;
  labels: { code: string; mark: HTMLElement; text: HTMLElement; marker: L.Marker }[];
}

declare const karta: L.Map;
declare const omraden: L.GeoJSON;
