package providers

import "github.com/stagewall/stagewall/detectors"

// mongodb knows connection strings of MongoDB, Atlas among it.
func mongodb() detectors.Provider {
	server := engine{
		name:       "mongodb",
		schemes:    `mongodb(?:\+srv)?`,
		keywords:   []string{"mongodb"},
		superusers: []string{"root"},
		defaults:   []string{"mongo", "mongodb", "mongoadmin"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "MongoDB",
		Rules: server.urlRules()[:1],
		Kinds: []detectors.Kind{server.login("https://www.mongodb.com/docs/manual/reference/connection-string/", "MONGODB_URI", "MONGODB_URL", "MONGO_URL", "MONGO_URI")},
		Tools: []detectors.Tool{{
			Name:      "mongosh",
			Aliases:   []string{"mongo", "mongodump", "mongorestore", "mongoexport", "mongoimport"},
			Selectors: []string{"--host", "--db", "-d"},
			Source:    "https://www.mongodb.com/docs/mongodb-shell/reference/options/",
		}},
		Operations: []detectors.Operation{
			{
				Name: "dropDatabase", Does: detectors.Destroy,
				Calls:  []string{"sql db.dropDatabase", "sdk dropDatabase"},
				Source: "https://www.mongodb.com/docs/manual/reference/command/dropDatabase/",
			},
			{
				Name: "createUser", Does: detectors.Admin,
				Calls:  []string{"sql db.createUser", "sdk createUser"},
				Source: "https://www.mongodb.com/docs/manual/reference/command/createUser/",
			},
		},
		Decode: server.decode,
	}
}
