#!/usr/bin/env node
import { runServer } from './run-server'

await runServer(process)
