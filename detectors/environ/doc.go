// Package environ says what names, paths, branches and hosts tell about environments.
//
// Environment words count only as whole words of what is read: PROD_DB_URL names production, PRODUCT_DB_URL names nothing. A word may
// still mean something else beside certain neighbours (a dbt model's folder models/staging, a pipeline's CI_JOB_STAGE, TIME_TO_LIVE),
// or only mean an environment beside others (LIVE in the name of a credential); [vocabulary] and [blockers] list both. Negations bind
// first: nonprod is every environment but production, preprod is staging.
//
// All functions return the set of environments that is named, 0 if none is. A set of several can mean either: nonprod is one word
// for staging, development and test; copy-prod-to-staging names two. What follows from a name is the caller's matter: names are
// evidence of intent, and only hosts bind.
//
// "test" is a purpose more than a place: PROD_E2E_TEST_SECRET is a production secret that tests use. It counts only where no other
// environment is named.
package environ
