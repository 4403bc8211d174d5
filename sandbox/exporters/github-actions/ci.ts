import { uses } from './pins.ts';

/** Checks and tests on every change; it can write nothing. */
export function ciWorkflow(): string {
  return `
name: CI

on:
  pull_request:
  push:
    branches: [main]

permissions: {}

concurrency:
  group: ci-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  test:
    name: Check and test
    runs-on: ubuntu-24.04
    timeout-minutes: 40
    permissions:
      contents: read # the sources
    steps:
      - name: Check out
        uses: ${uses('actions/checkout')}
        with:
          persist-credentials: false
      - name: Set up Node
        uses: ${uses('actions/setup-node')}
        with:
          node-version: 24
          package-manager-cache: false
      - name: Install
        run: npm ci
      - name: Check
        run: npm run check
      - name: Test
        run: npm test
`;
}
