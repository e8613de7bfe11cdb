package providers

import "github.com/stagewall/stagewall/detectors"

// migrators are the tools that take the address of the database that they change from DATABASE_URL, whatever its engine.
func migrators() []detectors.Tool {
	tool := func(name, source string, aliases ...string) detectors.Tool {
		return detectors.Tool{Name: name, Aliases: aliases, Variables: []string{"DATABASE_URL"}, Source: source}
	}
	return []detectors.Tool{
		tool("prisma", "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#env"),
		tool("rails", "https://guides.rubyonrails.org/configuring.html#configuring-a-database", "rake"),
		tool("dbmate", "https://github.com/amacneil/dbmate#command-line-options"),
		tool("diesel", "https://diesel.rs/guides/getting-started"),
		tool("sqlx", "https://github.com/launchbadge/sqlx/blob/main/sqlx-cli/README.md"),
	}
}

// resets are the commands of migration tools that empty a database, whatever its engine.
func resets() []detectors.Operation {
	return []detectors.Operation{
		{
			Name: "prisma migrate reset", Does: detectors.Destroy,
			Calls:  []string{"cli prisma migrate reset"},
			Source: "https://www.prisma.io/docs/orm/reference/prisma-cli-reference#migrate-reset",
		},
		{
			Name: "rails db:drop", Does: detectors.Destroy,
			Calls: []string{
				"cli rails db:drop", "cli rails db:reset", "cli rails db:schema:load", "cli bin/rails db:drop", "cli bin/rails db:reset",
				"cli rake db:drop", "cli rake db:reset",
			},
			Source: "https://guides.rubyonrails.org/active_record_migrations.html",
		},
		{
			Name: "sequelize db:drop", Does: detectors.Destroy,
			Calls:  []string{"cli sequelize db:drop", "cli sequelize-cli db:drop"},
			Source: "https://sequelize.org/docs/v6/other-topics/migrations/",
		},
		{
			Name: "typeorm schema:drop", Does: detectors.Destroy,
			Calls:  []string{"cli typeorm schema:drop"},
			Source: "https://typeorm.io/docs/advanced-topics/using-cli/",
		},
		{
			Name: "knex migrate:rollback", Does: detectors.Destroy,
			Calls:  []string{"cli knex migrate:rollback"},
			Source: "https://knexjs.org/guide/migrations.html",
		},
		{
			Name: "artisan migrate:fresh", Does: detectors.Destroy,
			Calls:  []string{"cli php artisan migrate:fresh", "cli php artisan migrate:reset", "cli php artisan db:wipe", "cli artisan migrate:fresh", "cli artisan db:wipe"},
			Source: "https://laravel.com/docs/migrations",
		},
		{
			Name: "django flush", Does: detectors.Destroy,
			Calls:  []string{"cli python manage.py flush", "cli python3 manage.py flush", "cli django-admin flush", "cli manage.py flush"},
			Source: "https://docs.djangoproject.com/en/stable/ref/django-admin/#flush",
		},
		{
			Name: "flyway clean", Does: detectors.Destroy,
			Calls:  []string{"cli flyway clean"},
			Source: "https://documentation.red-gate.com/flyway/reference/commands/clean",
		},
		{
			Name: "liquibase drop-all", Does: detectors.Destroy,
			Calls:  []string{"cli liquibase drop-all", "cli liquibase dropAll"},
			Source: "https://docs.liquibase.com/reference-guide/database-inspection-change-tracking-and-utility-commands/drop-all",
		},
		{
			Name: "ecto.drop", Does: detectors.Destroy,
			Calls:  []string{"cli mix ecto.drop", "cli mix ecto.reset"},
			Source: "https://hexdocs.pm/ecto/Mix.Tasks.Ecto.Drop.html",
		},
		{
			Name: "alembic downgrade", Does: detectors.Destroy,
			Calls:  []string{"cli alembic downgrade base"},
			Source: "https://alembic.sqlalchemy.org/en/latest/tutorial.html",
		},
	}
}

// statements are what all SQL servers can be told to do that destroys, changes rows or gives rights. Each cites its own manual.
func statements(dropDatabase detectors.Operation, dropTable, truncate, remove, grant string) []detectors.Operation {
	dropDatabase.Does = detectors.Destroy
	return []detectors.Operation{
		dropDatabase,
		{Name: "DROP TABLE", Does: detectors.Destroy, Calls: []string{"sql DROP TABLE"}, Source: dropTable},
		{Name: "TRUNCATE", Does: detectors.Destroy, Calls: []string{"sql TRUNCATE"}, Source: truncate},
		{Name: "DELETE", Does: detectors.Write, Calls: []string{"sql DELETE FROM"}, Source: remove},
		{Name: "GRANT", Does: detectors.Admin, Calls: []string{"sql GRANT", "sql CREATE USER", "sql ALTER USER", "sql CREATE ROLE"}, Source: grant},
	}
}
