// What the page's data are, as content.py writes them, and what its scripts make of them.

type View = 'value' | 'gap' | 'change' | 'quality';
/** What all areas have in common stands once; else one after the other, the city last. */
type Part<T> = T | null | (T | null)[];

/** One theme, period and sex: numbers are whole tenths, texts their place in `texts`. */
interface Column {
  /** As the page has read it: in its data also a digit, see columns.py. */
  value?: (number | null)[];
  /** Numbers, or a digit for each area: how far from the middle of its bounds, 4 is not at all. */
  half?: string | (number | null)[];
  /** The same, how far from the difference of the two figures. */
  gap?: string | (number | null)[];
  part?: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
  gap_low?: (number | null)[];
  gap_high?: (number | null)[];
  numerator?: Part<number>;
  denominator?: Part<number>;
  persons?: Part<number>;
  counted?: Part<number>;
  /** A sign for each area: 1, 0, or - where it is not known. */
  apart?: string;
  better?: string;
  sure?: string;
  pocket?: string;
  /** Whether dots are drawn over it; none of a theme that no area tells from another by them. */
  dotted?: string;
  status?: Part<number>;
  reference?: Part<number>;
  reason?: Part<number>;
}

/** What is shown of one area: a value with what belongs to that value. */
interface Figure {
  value: number | null;
  status: string;
  dotted?: boolean;
  low?: number;
  high?: number;
  half?: number;
  part?: number;
  gap?: number;
  gapLow?: number;
  gapHigh?: number;
  apart?: boolean;
  better?: boolean;
  sure?: boolean;
  /** Of a small area that is a pocket in its area: whether that is sure. */
  pocket?: boolean;
  reference?: string;
  reason?: string;
  numerator?: number;
  denominator?: number;
  persons?: number;
  counted?: number;
}

interface Theme {
  code: string;
  kind: 'index' | 'dimension' | 'indicator' | 'children' | 'chapter';
  legend: string;
  dimension?: string;
  name: string;
  short: string;
  good: 'high' | 'low';
  counted?: string;
  among?: string;
  children?: boolean;
  total?: number;
  about: string[];
  notes: string[];
  colours?: 'both';
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
  /** How far women's shares are from men's, by period and theme. */
  sexes: Record<string, Record<string, Column>>;
  population: Record<string, Part<number>>;
  facts: Record<string, Record<string, Facts>>;
  stories: Record<string, string[]>;
  areas: Area[];
  /** Of each area: polygons of rings of steps. */
  shapes: number[][][][];
  /** Where each area stands, the city last; made when the page is read. */
  placeOf: Map<string, number>;
}

/** A sentence of what is sure, and the view of its theme in which it is seen. */
interface Finding {
  text: string;
  theme?: string;
  view?: View;
  area?: string;
  level?: string;
  compare?: string;
}

/** What a stage beside the index tells, in texts by period and area. */
interface Chapter {
  title: string;
  about: string;
  labels: string[];
  texts: Record<string, Record<string, string[]>>;
}

/** A name and an area of the run that it leads to. */
interface Place {
  kind: string;
  /** The area's place among the areas. */
  area: number;
  /** Smaller places that it lies in or is made of. */
  within: string;
  /** Of a street that lies in several areas: its numbers here, as `1-23 101`. */
  odd: string;
  even: string;
  name: string;
}

/** A layer of what lies around the areas: steps of lines or rings, and names with their spots. */
interface Background {
  kind: 'water' | 'road' | 'rail' | 'green' | 'place';
  title: string;
  lines?: number[][];
  polygons?: number[][][];
  names?: string;
  spots?: number[];
  left_out?: number;
}

/** What can be found: an area, or a place that leads to one. */
interface Searched {
  level?: Level;
  area?: Area;
  place?: Place;
  /** How it is written, in small letters. */
  said: string[];
  code?: string;
  short?: string;
  name: string;
}

interface PageData {
  lang: string;
  city: string;
  base: string;
  synthetic: boolean;
  sexes: string[];
  between: string[];
  views: View[];
  colours: { score: string[]; quality: string[]; barn: string[]; both?: string[] };
  themes: Theme[];
  legends: Record<string, Legend>;
  start: string;
  levels: Level[];
  chapters?: Chapter[];
  places: {
    /** Smaller places that places lie in or are made of. */
    parts: string[];
    /** By kind: area, parts, the names that have all in common, a name a line, odd and even. */
    kinds: Record<string, [number, number[], string, string?, string?][]>;
  };
  /** What lies around the areas, the uppermost first. */
  background: Background[];
  /** By period and theme, where somebody has judged what is sure. */
  findings: Record<string, Record<string, Finding[]>>;
  /** What is told of children, by period and area. */
  children: Record<string, Record<string, string[]>>;
  /** By period, theme and part: for each border the digit that both sides' figures do not tell. */
  contrasts: Record<string, Record<string, Record<string, string | (number | null)[]>>>;
  /** The file names of the areas' own pages, in order, where they lie beside this one. */
  profiles?: string[];
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

/** What a link can carry beside that, and what is kept whatever else is chosen. */
interface Kept {
  /** The way to compare. */
  compare: string;
  /** The areas that are compared. */
  pins: string[];
  /** The theme that the chosen one is compared with. */
  against: string;
  sort: { column: number; descending: boolean };
  withPatterns: boolean;
  /** Where the reader has moved the map: latitude, longitude, zoom. */
  place?: number[];
}

interface State extends Choice, Kept {
  /** What was asked for and has nothing to show, while something else is shown instead. */
  missed?: Choice;
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
