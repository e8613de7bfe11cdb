// Package rails reads where the environments of Rails applications have their encrypted credentials.
//
// # Analyzer rails
//
// rails: whose the files of encrypted credentials are
//
// config/credentials.yml.enc is the file of every environment that has none of its own, which is config/credentials/ENVIRONMENT.yml.enc, or what the
// environment's settings in config/environments name. A key opens one of these files, and so it is known which environments' credentials it reaches.
//
//	https://guides.rubyonrails.org/security.html#custom-credentials
//	https://guides.rubyonrails.org/configuring.html#config-credentials-content-path
//
// An environment's configuration, config/environments/ENVIRONMENT.rb, is a program: it takes variables, and can begin with another environment's. Who
// runs it is said by package shell.
//
//	https://guides.rubyonrails.org/configuring.html#creating-rails-environments
//
// # What is not seen
//
// What the settings of all environments, config/application.rb, name: then nothing is said of the application's files.
package rails
