-- Value of the attribute `key` among the split-off ones, as text; null when the row has none of that name.
create or replace macro volatile_value(id_keys, id_values, key) as
  from_json(id_values, '["VARCHAR"]')[list_position(from_json(id_keys, '["VARCHAR"]'), key)];
