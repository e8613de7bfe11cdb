package code

import "github.com/stagewall/stagewall/analyzers"

// modes are variables of frameworks that servers and builds of every environment set to production.
//
//	https://guides.rubyonrails.org/configuring.html#rails-environment-settings
//	https://guides.hanamirb.org/v2.2/app/environments/
//	https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
//	https://django-configurations.readthedocs.io/en/stable/#quickstart
var modes = map[string]bool{"RAILS_ENV": true, "RACK_ENV": true, "HANAMI_ENV": true, "DJANGO_SETTINGS_MODULE": true, "DJANGO_CONFIGURATION": true}

// ClassOf returns the class of the sign that a variable is which selects an environment.
func ClassOf(variable string) analyzers.Class {
	if modes[variable] {
		return analyzers.Mode
	}
	return analyzers.Selector
}
