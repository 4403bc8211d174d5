import { words } from './words.ts';

/**
 * Words that shoppers and catalogues use for the same thing. A small table written by hand, which is all the "meaning"
 * that the lexical model has beyond letters; a word may belong to several groups.
 */
const groups: Record<string, string> = {
  light: 'lamp light lighting bulb sconce pendant lantern led illumination shade',
  bed: 'bed bedtime bedside headboard sleep sleeping night pillow',
  read: 'read reading reader book novel story',
  coffee: 'coffee espresso brew barista dripper cafe moka cappuccino caffeine grinder',
  tea: 'tea teapot infuser steep',
  cook: 'cook cooking kitchen recipe dinner pan skillet pot stove hob meal chef',
  bake: 'bake bread sourdough loaf oven dough',
  cut: 'knife blade shears pruner chop prune',
  child: 'child kid toddler junior son daughter boy girl nephew niece grandchild',
  gift: 'gift present birthday christmas',
  puzzle: 'puzzle jigsaw teaser riddle',
  game: 'game play board card chess toy',
  build: 'build construction robot robotics kit marble lego engineering coding',
  music: 'music vinyl record song radio guitar turntable speaker listen audio sound',
  headphones: 'headphone earbud headset earphone earpiece',
  quiet: 'quiet silence noise cancelling stillness',
  desk: 'desk office workplace computer workspace',
  type: 'keyboard typing key',
  write: 'write pen notebook paper diary journal ink',
  chair: 'chair seat armchair sit',
  back: 'ergonomic lumbar back posture wrist',
  tidy: 'tidy organise organizer storage cable wire',
  garden: 'garden gardening plant seed bed soil balcony vegetable flower herb grow',
  water: 'water watering rain waterproof',
  bird: 'bird nest wildlife tit sparrow',
  travel: 'travel trip journey holiday vacation flight plane airport train abroad',
  luggage: 'suitcase luggage baggage backpack bag daypack rucksack carry cabin',
  camp: 'camp camping tent hike hiking trekking outdoor mountain',
  warm: 'jacket coat warm cold down winter clothes clothing',
  drink: 'drink bottle flask cup mug',
  crime: 'crime detective mystery thriller murder',
  software: 'software engineer programming distributed system developer',
  space: 'sky star moon constellation space astronomy',
};

const conceptsByWord = index();

/** Concepts that a stemmed word belongs to. */
export function conceptsOf(word: string): readonly string[] {
  return conceptsByWord.get(word) ?? [];
}

function index(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [concept, members] of Object.entries(groups)) {
    for (const word of new Set(words(members))) found.set(word, [...(found.get(word) ?? []), concept]);
  }
  return found;
}
