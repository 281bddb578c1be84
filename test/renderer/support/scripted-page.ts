import '../../../renderer/without-eval.ts'
import { scenes, type SceneName } from './scenes.ts'

const asked = new URLSearchParams(window.location.search)
const scene = asked.get('scene') ?? 'live'
const gateway = scenes[(scene in scenes ? scene : 'live') as SceneName]()
Object.defineProperty(window, 'sluice', { value: gateway })
Object.defineProperty(window, 'scriptedGateway', { value: gateway })

const theme = asked.get('theme')
if (theme) window.localStorage.setItem('sluice.view', JSON.stringify({ state: { theme }, version: 1 }))
