-- The Debian package index as a relational schema: what a small, real application looks like.
create schema debian;
comment on schema debian is 'The package index of this machine, as apt knows it';

create type debian.dependency_kind as enum
    ('pre-depends', 'depends', 'recommends', 'suggests', 'enhances', 'breaks', 'conflicts', 'replaces', 'provides');
comment on type debian.dependency_kind is 'How one package refers to another, strongest first';

create table debian.maintainers (
    id      integer generated always as identity primary key,
    name    text not null,
    email   text,
    team    boolean generated always as (name ~* '\m(team|group|maintainers|project)\M') stored
);
create unique index maintainers_name_email on debian.maintainers (name, coalesce(email, ''));
comment on table debian.maintainers is 'People and teams; one row per name and address';

create table debian.sections (
    id      smallint generated always as identity primary key,
    name    text not null unique
);

create table debian.packages (
    id              bigint generated always as identity (start with 1000) primary key,
    name            text not null,
    version         text not null,
    architecture    text not null,
    source          text not null,
    maintainer_id   integer not null references debian.maintainers,
    section_id      smallint not null references debian.sections,
    priority        text not null,
    installed_size  bigint check (installed_size >= 0),
    size            bigint check (size >= 0),
    description     text not null,
    tags            text[] not null default '{}',
    homepage        text,
    sha256          bytea check (length(sha256) = 32),
    extra           jsonb not null default '{}',
    constraint packages_identity unique (name, version, architecture)
);
comment on table debian.packages is 'Every binary package that apt could install';
comment on column debian.packages.installed_size is 'in KiB, as in the index';
comment on column debian.packages.size is 'size of the .deb in bytes';
comment on column debian.packages.extra is 'fields that only some packages have';

create sequence debian.dependency_id as bigint increment by 10 start with 10;

create table debian.dependencies (
    id                  bigint not null default nextval('debian.dependency_id') primary key,
    package_id          bigint not null references debian.packages on delete cascade,
    kind                debian.dependency_kind not null,
    position            smallint not null,
    alternative         smallint not null,
    target              text not null,
    version_constraint  text,
    constraint dependencies_place unique (package_id, kind, position, alternative)
);
alter sequence debian.dependency_id owned by debian.dependencies.id;
comment on table debian.dependencies is 'One row per name in a relationship field; rows with one position are alternatives';
