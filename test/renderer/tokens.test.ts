import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

// Text must be read by people with moderately low vision: WCAG 2.2 §1.4.3 asks for 4.5:1, §1.4.11 for 3:1 where a shape carries meaning.
const styles = readFileSync(new URL('../../renderer/styles.css', import.meta.url), 'utf8')

describe.each(['dark', 'light'])('in the %s theme', (theme) => {
  const tokens = readTokens(theme)
  const grounds = ['bg', 'panel', 'raised', 'sel']

  it.each(['text', 'mute', 'faint', 'flow', 'out', 'held', 'bad'])('%s can be read on every ground', (ink) => {
    for (const ground of grounds) expect(contrast(tokens, ink, [ground]), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['flow', 'out', 'held', 'bad'])('%s can be read on its own tint, on every ground', (ink) => {
    for (const ground of grounds) expect(contrast(tokens, ink, [ground, `${ink}-bg`]), `${ink}-bg on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['bad-bg', 'held-bg'])('the text of a banner can be read on %s', (tint) => {
    for (const ink of ['text', 'mute']) expect(contrast(tokens, ink, ['bg', tint]), ink).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['flow', 'out', 'held', 'edge', 'focus'])('%s stands out as a shape', (ink) => {
    for (const ground of ['bg', 'panel']) expect(contrast(tokens, ink, [ground]), `${ink} on ${ground}`).toBeGreaterThanOrEqual(3)
  })

  it.each(['flow', 'out', 'held'])('%s stands out in the strip while buffering is on', (ink) => {
    expect(contrast(tokens, ink, ['panel', 'held-bg'])).toBeGreaterThanOrEqual(3)
  })
})

it('measures black on white as 21 to 1', () => {
  const tokens = { black: [0, 0, 0, 1], white: [1, 1, 1, 1] } as const
  expect(contrast(tokens, 'black', ['white'])).toBeCloseTo(21, 5)
})

/** Red, green and blue from 0 to 1 as shown on a screen, and how much they cover. */
type Colour = readonly [red: number, green: number, blue: number, alpha: number]
type Tokens = Readonly<Record<string, Colour>>

function readTokens(theme: string): Tokens {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(styles)?.[1] ?? ''
  const tokens: Record<string, Colour> = {}
  for (const [, name, lightness, chroma, hue, alpha] of block.matchAll(
    /--([a-z-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\);/g,
  )) {
    tokens[String(name)] = fromOklch(Number(lightness) / 100, Number(chroma), Number(hue), Number(alpha ?? 1))
  }
  return tokens
}

// CSS Color 4 §9.3: Oklab to linear sRGB.
function fromOklch(lightness: number, chroma: number, hue: number, alpha: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    alpha,
  ]
}

function contrast(tokens: Tokens, ink: string, layers: readonly string[]): number {
  const find = (name: string): Colour => {
    const colour = tokens[name]
    if (!colour) throw new Error(`There is no token called ${name}.`)
    return colour
  }
  const ground = layers.map(find).reduce((below, above) => cover(below, above))
  const [lighter = 0, darker = 0] = [luminance(cover(ground, find(ink))), luminance(ground)].toSorted((a, b) => b - a)
  return (lighter + 0.05) / (darker + 0.05)
}

// Browsers mix translucent layers in the encoded values, not in linear light.
function cover(below: Colour, above: Colour): Colour {
  const alpha = above[3]
  const mix = (index: 0 | 1 | 2) => above[index] * alpha + below[index] * (1 - alpha)
  return [mix(0), mix(1), mix(2), 1]
}

// WCAG 2.2, "relative luminance".
function luminance([red, green, blue]: Colour): number {
  return 0.2126 * decode(red) + 0.7152 * decode(green) + 0.0722 * decode(blue)
}

function encode(linear: number): number {
  const value = Math.min(1, Math.max(0, linear))
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055
}

function decode(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4
}
