-- What only a superuser can make.
create schema ext authorization tenant;
create extension pgcrypto;
create extension citext;
create extension pg_trgm schema ext;
create extension hstore;
create extension btree_gist;
