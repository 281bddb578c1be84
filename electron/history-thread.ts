import './compat.ts'
import '../proxy-core/history/history-thread.ts'
