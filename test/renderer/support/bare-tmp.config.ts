import base from './scripted-window.config.ts'
export default {
  ...base,
  plugins: [
    ...(base as any).plugins,
    {
      name: 'bare',
      enforce: 'pre',
      load(id: string) {
        if (id.endsWith('/exchanges/exchange-pane.tsx'))
          return "import { FirstRun } from '/shell/first-run.tsx'; export function ExchangePane(){ return FirstRun() }"
      },
    },
  ],
}
