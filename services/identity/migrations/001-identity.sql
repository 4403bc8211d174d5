-- Records of the OIDC provider: sessions, interactions, authorization codes, grants. JWT access tokens are not stored.
create table oidc_record (
  model       text        not null,
  id          text        not null,
  payload     jsonb       not null,
  grant_id    text,
  uid         text,
  user_code   text,
  consumed_at timestamptz,
  expires_at  timestamptz,
  primary key (model, id)
);
create index oidc_record_by_grant on oidc_record (grant_id) where grant_id is not null;
create index oidc_record_by_uid on oidc_record (model, uid) where uid is not null;
create index oidc_record_by_user_code on oidc_record (model, user_code) where user_code is not null;
create index oidc_record_by_expiry on oidc_record (expires_at);

-- Private keys, JWK. active signs, standby is published and signs next, retiring still verifies.
create table signing_key (
  kid        text        primary key,
  jwk        jsonb       not null,
  state      text        not null check (state in ('active', 'standby', 'retiring')),
  created_at timestamptz not null,
  retires_at timestamptz,
  check ((state = 'retiring') = (retires_at is not null))
);
create unique index one_active_signing_key on signing_key (state) where state = 'active';
create unique index one_standby_signing_key on signing_key (state) where state = 'standby';

-- Secrets that sign the provider's cookies, newest first; kept so that a restart does not sign anybody out.
create table cookie_secret (
  secret     text        primary key,
  created_at timestamptz not null
);
