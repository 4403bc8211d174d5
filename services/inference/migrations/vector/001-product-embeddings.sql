-- Vectors of the catalogue where the database has pgvector, one per product and model, L2-normalised. No approximate
-- index: dimensions differ by model, an exact scan of a catalogue takes milliseconds, and it answers what the index in
-- memory answers.
create table product_embeddings (
  sku         text not null,
  model       text not null,
  embedding   vector not null,
  text_hash   text not null,                     -- of the text that was embedded: a changed text needs a new vector
  updated_at  timestamptz not null default now(),
  primary key (model, sku)
);
