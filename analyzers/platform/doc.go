// Package platform reads the configuration of hosting platforms, as far as it names environments, defines variables or runs something:
// Railway, Fly, Vercel, Netlify, Cloudflare Workers, Firebase, Supabase, Heroku, Databricks, Neon, Doppler, Infisical, Render,
// App Engine, App Platform, App Runner, profiles of EAS, and tasks of ECS.
//
// A deployment that a file describes is a unit, of kind "deploy-context": one for each stage that the file names. Its variables are those
// that the file defines; what the platform keeps beside it is not in the repository. Its commands are read as shell, and where it is
// built from a Dockerfile it has what the image has.
//
// A file that maps an environment's name to the platform's own id of a project, an app or a host is a table: it says where a credential
// that is bound to the id belongs. An id under a name that says nothing is a row without an environment: it keeps other rows for the id
// from being taken for the whole truth.
package platform
