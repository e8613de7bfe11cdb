package providers

import "github.com/stagewall/stagewall/detectors"

// amqp knows connection URLs of RabbitMQ and other message brokers.
func amqp() detectors.Provider {
	server := engine{
		name:       "amqp",
		schemes:    `amqps?|rabbitmqs?`,
		keywords:   []string{"amqp", "rabbitmq"},
		superusers: []string{"guest"},
		defaults:   []string{"guest", "rabbitmq", "rabbit", "rmq", "amqp", "mq"},
	}
	return detectors.Provider{
		Name:  server.name,
		Title: "AMQP",
		Rules: server.urlRules()[:1],
		Kinds: []detectors.Kind{server.login("https://www.rabbitmq.com/docs/uri-spec", "AMQP_URL", "CLOUDAMQP_URL", "RABBITMQ_URL", "RABBITMQ_URI")},
		Tools: []detectors.Tool{{
			Name:      "rabbitmqadmin",
			Selectors: []string{"--host", "-H", "--vhost", "-V"},
			Source:    "https://www.rabbitmq.com/docs/management-cli",
		}},
		Operations: []detectors.Operation{
			{
				Name: "delete a virtual host", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/vhosts/*", "cli rabbitmqctl delete_vhost", "cli rabbitmqadmin delete vhost", "cli rabbitmqadmin vhosts delete",
				},
				Source: "https://www.rabbitmq.com/docs/vhosts",
			},
			{
				Name: "delete a queue", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/queues/*/*", "cli rabbitmqctl delete_queue", "cli rabbitmqadmin delete queue", "cli rabbitmqadmin queues delete",
				},
				Source: "https://www.rabbitmq.com/docs/queues",
			},
			{
				Name: "purge a queue", Does: detectors.Destroy,
				Calls: []string{
					"http DELETE /api/queues/*/*/contents", "cli rabbitmqctl purge_queue", "cli rabbitmqadmin purge queue", "cli rabbitmqadmin queues purge",
				},
				Source: "https://www.rabbitmq.com/docs/management-cli",
			},
			{
				Name: "add a user", Does: detectors.Admin,
				Calls:  []string{"http PUT /api/users/*", "cli rabbitmqctl add_user", "cli rabbitmqctl set_permissions"},
				Source: "https://www.rabbitmq.com/docs/access-control",
			},
		},
		Decode: server.decode,
	}
}
