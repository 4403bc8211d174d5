'use client';

import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { mapCaption } from '#components/map/caption.ts';
import { EdgePanel } from '#components/map/edge-panel.tsx';
import { EdgeTable } from '#components/map/edge-table.tsx';
import { faultMarks } from '#components/map/fault-marks.ts';
import { Legend } from '#components/map/legend.tsx';
import { type MapEdge, type MapLayer, shownEdges } from '#components/map/map-model.ts';
import { PlacePanel } from '#components/map/place-panel.tsx';
import { Page } from '#components/shell/page.tsx';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { ScrollArea } from '#components/ui/scroll-area.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import { useFaults } from '../_client/use-chaos.ts';
import { useProcessAction } from '../_client/use-process-action.ts';
import { mapParsers, optionalLayers } from './search-params.ts';
import { useMap } from './use-map.ts';

// The graph measures itself, so the server has nothing to draw; the table is there for readers without scripts.
const SystemGraph = dynamic(async () => (await import('#components/map/system-graph.tsx')).SystemGraph, {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-auto flex-1" />,
});

const layerNames: Record<(typeof optionalLayers)[number], string> = {
  databases: 'Databases',
  keys: 'Keys and tokens',
  telemetry: 'Telemetry',
};

/** How the parts are connected, and what runs between them now. */
export function SystemMapPage() {
  const small = useSmallScreen();
  const [{ view: chosen, layers: extra, place, edge: edgeId }, setUrl] = useQueryStates(mapParsers);
  const view = chosen ?? (small ? 'table' : 'map');
  const { topology, processes, map, layout, down } = useMap();
  const act = useProcessAction();
  const layers = useMemo<ReadonlySet<MapLayer>>(() => new Set(['calls', 'events', ...extra]), [extra]);
  const colours = useMemo(
    () => new Map((topology.data?.processes ?? []).map(({ name, colour }) => [name, colour])),
    [topology.data],
  );
  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const select = useCallback(
    (id: string | null) =>
      void setUrl({ place: id, edge: null }, { history: place !== null && id !== null ? 'replace' : 'push' }),
    [setUrl, place],
  );
  const selectEdge = useCallback(
    (id: string | null) => void setUrl({ edge: id, place: null }, { history: 'push' }),
    [setUrl],
  );
  const faults = useFaults();
  const marks = useMemo(() => (map ? faultMarks(map, faults) : null), [map, faults]);
  useViewCommand('earlier', () => void setUrl({ view: 'map' }));
  useViewCommand('later', () => void setUrl({ view: 'table' }));
  const caption = map ? mapCaption(map, 60) : null;
  const edge = map?.edges.find(({ id }) => id === edgeId) ?? null;
  const node = map?.nodes.find(({ id }) => id === place) ?? null;
  return (
    <Page title="Map" layout="fill">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-4 py-2 max-md:px-2">
        <Segmented
          aria-label="View"
          value={view}
          onValueChange={(next) => void setUrl({ view: next }, { history: 'push' })}
          options={[
            { value: 'map', label: 'Map' },
            { value: 'table', label: 'Table' },
          ]}
        />
        <fieldset className="flex flex-wrap items-center gap-3" aria-label="Also show">
          {optionalLayers.map((layer) => (
            <label
              key={layer}
              htmlFor={`layer-${layer}`}
              className="inline-flex h-7 items-center gap-1.5 text-sm text-secondary"
            >
              <Checkbox
                id={`layer-${layer}`}
                checked={extra.includes(layer)}
                onCheckedChange={(on) =>
                  void setUrl({
                    layers: optionalLayers.filter((one) => (one === layer ? on === true : extra.includes(one))),
                  })
                }
              />
              {layerNames[layer]}
            </label>
          ))}
        </fieldset>
        {view === 'map' ? <Legend className="ml-auto max-lg:hidden" /> : null}
      </div>
      {[...down].map(([source, reason]) => (
        <PartialNote key={source}>
          {source === 'telemetry' ? 'Traffic is missing or out of date' : 'States may be out of date'}: {reason}.
        </PartialNote>
      ))}
      {caption ? (
        <p className="min-h-13 shrink-0 px-4 pt-3 text-secondary max-md:px-2" data-slot="caption">
          {caption}
        </p>
      ) : null}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {topology.isPending ? (
            <SkeletonRows rows={14} label="Loading the map" />
          ) : !map || !layout || !marks ? (
            <ErrorState
              title="The map cannot be drawn"
              detail={topology.error?.message}
              onRetry={() => void topology.refetch()}
            />
          ) : map.nodes.length === 0 ? (
            <EmptyState title="No processes" command="npm start">
              The system appears here once the supervisor runs it.
            </EmptyState>
          ) : view === 'map' ? (
            <SystemGraph
              map={map}
              layout={layout}
              layers={layers}
              marks={marks}
              selected={place}
              onSelect={select}
              onSelectEdge={selectEdge}
              caption={caption ?? ''}
            />
          ) : (
            <ScrollArea aria-label="Edges" className="flex-1 pt-2">
              <EdgeTable
                label="Edges"
                edges={strangersFirst(shownEdges(map, layers, marks.edges))}
                colours={colours}
                marks={marks.edges}
                onSelect={select}
              />
            </ScrollArea>
          )}
        </div>
        {node && map && marks ? (
          <SidePanel
            kind="place"
            label={`${node.kind === 'topic' ? 'Topic' : 'Process'} ${node.id}`}
            title={node.id}
            onClose={() => select(null)}
          >
            <PlacePanel
              node={node}
              process={processes.data?.find(({ name }) => name === node.id) ?? null}
              edges={map.edges.filter(({ from, to }) => from === node.id || to === node.id)}
              colours={colours}
              marks={marks}
              faults={faults}
              onSelect={select}
              onAction={act}
            />
          </SidePanel>
        ) : edge && marks ? (
          <SidePanel
            kind="edge"
            label={`Edge ${edge.from} → ${edge.to}`}
            title={`${edge.from} → ${edge.to}`}
            onClose={() => selectEdge(null)}
          >
            <EdgePanel edge={edge} fault={marks.edges.get(edge.id) ?? null} />
          </SidePanel>
        ) : null}
      </div>
    </Page>
  );
}

/** Findings on top; everything else keeps its place however the traffic changes. */
function strangersFirst(edges: readonly MapEdge[]): MapEdge[] {
  return [...edges.filter(({ expected }) => !expected), ...edges.filter(({ expected }) => expected)];
}
