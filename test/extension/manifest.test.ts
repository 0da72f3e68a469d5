import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  COMMANDS,
  COMPARE_VIEW_TYPE,
  CONFIGURATION,
  CONTEXT_KEYS,
  EDITOR_VIEW_TYPE,
  PLAN_SUFFIX,
  SETTINGS,
  TREE_VIEW,
  type TreeCondition,
  WALKTHROUGH,
} from '../../src/ids';
import { readJson, root, sourcesBelow } from './sources';

interface MenuItem {
  command: string;
  when?: string;
}
interface Manifest {
  activationEvents: string[];
  capabilities: {
    untrustedWorkspaces: { supported: boolean };
    virtualWorkspaces: { supported: boolean; description: string };
  };
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, MenuItem[]>;
    customEditors: { viewType: string; priority: string; selector: { filenamePattern: string }[] }[];
    views: Record<string, { id: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string; when: string }[];
    configuration: {
      properties: Record<
        string,
        { type: string | string[]; default: unknown; minimum?: number; enum?: string[]; enumDescriptions?: string[] }
      >;
    };
    jsonValidation: { fileMatch: string; url: string }[];
    languages: { id: string; filenamePatterns: string[] }[];
    walkthroughs: { id: string; steps: { media: { svg: string; altText: string }; completionEvents?: string[] }[] }[];
  };
}

const PLAN_COMMANDS: string[] = [COMMANDS.dryRunPlan, COMMANDS.runPlan, COMMANDS.addPlanStep];
const manifest = readJson('package.json') as Manifest;
const nls = readJson('package.nls.json') as Record<string, string>;
const { contributes } = manifest;
const declared = contributes.commands.map((c) => c.command).sort();
const text = readFileSync(path.join(root, 'package.json'), 'utf8');

describe('the manifest and the code', () => {
  it('have the same commands', () => {
    expect(declared).toEqual(Object.values(COMMANDS).sort());
    const handlers = sourcesBelow('src/commands').get(path.join('src', 'commands', 'index.ts')) ?? '';
    for (const name of Object.keys(COMMANDS)) expect(handlers).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  });

  it('name ids in one file only', () => {
    const elsewhere = [...sourcesBelow('src', 'webview')].filter(([file]) => file !== path.join('src', 'ids.ts'));
    for (const [file, source] of elsewhere) {
      expect(source.match(/['"`]savepointExplorer[.'"`]/g) ?? [], file).toEqual([]);
    }
  });

  it('give every command the category, and hide from the palette what needs a place', () => {
    for (const command of contributes.commands) expect(command.category).toBe('Savepoint Explorer');
    const hidden = (contributes.menus['commandPalette'] ?? []).filter((m) => m.when === 'false').map((m) => m.command);
    const shown = declared.filter((c) => !hidden.includes(c));
    expect(shown).toEqual(
      [
        ...[COMMANDS.openSnapshot, COMMANDS.openSample, COMMANDS.refresh, COMMANDS.openLogs, COMMANDS.reportIssue],
        ...[COMMANDS.bootstrap, COMMANDS.modify, COMMANDS.rescale, COMMANDS.copySnapshot],
        ...[COMMANDS.clearCache, COMMANDS.compare, COMMANDS.verify, COMMANDS.exportRows],
        ...PLAN_COMMANDS,
      ].sort(),
    );
    const ofPlans = (contributes.menus['commandPalette'] ?? []).filter((m) => PLAN_COMMANDS.includes(m.command));
    expect(ofPlans.map((m) => m.command).sort()).toEqual([...PLAN_COMMANDS].sort());
    const [start, end] = ['resourceFilename =~ /', '$/'];
    for (const { when = '' } of ofPlans) {
      expect(when.startsWith(start) && when.endsWith(end)).toBe(true);
      const pattern = new RegExp(`${when.slice(start.length, -end.length)}$`);
      expect(pattern.test(`a${PLAN_SUFFIX}`)).toBe(true);
      expect(pattern.test('a-savepoint-planXjson')).toBe(false);
    }
  });

  it('offer every hidden command in a menu, and no command that is not there', () => {
    const offered = new Set(
      Object.entries(contributes.menus).flatMap(([menu, items]) =>
        menu === 'commandPalette' ? [] : items.map((i) => i.command),
      ),
    );
    for (const command of declared) expect(offered, command).toContain(command);
    for (const items of Object.values(contributes.menus))
      for (const { command } of items) expect(declared).toContain(command);
  });

  it('have the same editor, view, settings and walkthrough', () => {
    expect(contributes.customEditors).toMatchObject([
      { viewType: EDITOR_VIEW_TYPE, priority: 'default', selector: [{ filenamePattern: '_metadata' }] },
    ]);
    expect(
      Object.values(contributes.views)
        .flat()
        .map((v) => v.id),
    ).toEqual([TREE_VIEW]);
    expect(Object.keys(contributes.configuration.properties)).toEqual(
      Object.values(SETTINGS).map((s) => `${CONFIGURATION}.${s}`),
    );
    expect(contributes.walkthroughs.map((w) => w.id)).toEqual([WALKTHROUGH]);
    for (const setting of Object.values(contributes.configuration.properties)) {
      if (setting.type === 'number') expect(setting.default).toBeGreaterThanOrEqual(setting.minimum ?? Number.NaN);
      else if (setting.type === 'string') {
        expect(setting.enum).toContain(setting.default);
        expect(setting.enumDescriptions).toHaveLength(setting.enum?.length ?? 0);
      } else expect([true, null, {}]).toContainEqual(setting.default);
    }
  });

  it('have each setting, with its default, in the README', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    for (const [name, { default: value }] of Object.entries(contributes.configuration.properties)) {
      const shown = value === null ? 'none' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
      expect(readme).toContain(`| \`${name}\` | ${shown} | `);
    }
  });

  it('welcome for each reason that the tree is empty', () => {
    const conditions: Record<TreeCondition, boolean> = { searching: true, empty: true, failed: true, filled: false };
    for (const [condition, welcomed] of Object.entries(conditions)) {
      const clause = `${CONTEXT_KEYS.tree} == ${condition}`;
      expect(
        contributes.viewsWelcome.some((w) => w.when.includes(clause)),
        condition,
      ).toBe(welcomed);
    }
    expect(contributes.viewsWelcome.some((w) => w.when === 'workbenchState == empty')).toBe(true);
    expect(new Set(contributes.viewsWelcome.map((w) => w.view))).toEqual(new Set([TREE_VIEW]));
  });

  it('mean the same files by a plan', () => {
    expect(contributes.jsonValidation.map((v) => v.fileMatch)).toEqual([`*${PLAN_SUFFIX}`]);
    expect(contributes.languages.map((l) => [l.id, l.filenamePatterns])).toEqual([['jsonc', [`*${PLAN_SUFFIX}`]]]);
  });

  it('activate by what is contributed and nothing else', () => {
    // A plan is a file of VS Code's language for JSON with comments, in which VS Code opens files of its own all the time.
    expect(manifest.activationEvents).toEqual([
      `workspaceContains:**/*${PLAN_SUFFIX}`,
      // A page that was open when the window closed.
      `onWebviewPanel:${COMPARE_VIEW_TYPE}`,
    ]);
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
    expect(manifest.capabilities.virtualWorkspaces.description).not.toBe('');
  });
});

describe('texts of the manifest', () => {
  const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((m) => m[1] ?? '');

  it('are all there, and none is left over', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(nls).sort());
  });

  it('link to commands that exist', () => {
    const links = Object.values(nls).flatMap((t) => [...t.matchAll(/\(command:([^)]+)\)/g)].map((m) => m[1] ?? ''));
    expect(links.length).toBeGreaterThan(5);
    for (const link of links.filter((l) => l.startsWith('savepointExplorer.'))) {
      expect([...declared, `${TREE_VIEW}.focus`]).toContain(link);
    }
  });

  it('take a newcomer through four or five steps, each ticked off by something that happens', () => {
    const [walkthrough] = contributes.walkthroughs;
    const steps = walkthrough?.steps ?? [];
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(steps.length).toBeLessThanOrEqual(5);
    const events: string[] = [
      ...declared.map((command) => `onCommand:${command}`),
      `onView:${TREE_VIEW}`,
      `onContext:${CONTEXT_KEYS.sawEntries}`,
      `onContext:${CONTEXT_KEYS.verified}`,
    ];
    for (const { completionEvents = [] } of steps) {
      expect(completionEvents).not.toEqual([]);
      for (const event of completionEvents) expect(events).toContain(event);
    }
  });

  it('have their pictures, which follow the theme', () => {
    const pictures = contributes.walkthroughs.flatMap((w) => w.steps.map((s) => s.media.svg));
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    for (const picture of [...pictures, ...contributes.viewsContainers.activitybar.map((c) => c.icon)]) {
      expect(existsSync(path.join(root, picture)), picture).toBe(true);
      const svg = readFileSync(path.join(root, picture), 'utf8');
      expect(svg).toMatch(/var\(--vscode-|currentColor/);
    }
  });
});
