// Package appsettings reads the settings of .NET applications, as far as they say which servers and accounts are an environment's.
//
// # Analyzer appsettings
//
// appsettings: the ids that an environment's settings name
//
// launchSettings.json has a program for each profile by which a project is launched: it sets its variables. Which files an application reads, and how it is
// launched, is said by package shell.
//
// appsettings.Staging.json is put over appsettings.json where the application runs in the environment Staging. The servers of its
// connection strings and the accounts, projects and hosts that it names are that environment's. Those of appsettings.json are no
// environment's: each has them that does not say otherwise.
//
// https://learn.microsoft.com/aspnet/core/fundamentals/configuration/
package appsettings
