// Package ansible reads Ansible's inventories: which hosts belong to which environment.
//
// # Analyzer ansible
//
// ansible: the hosts of groups and inventories that are named for environments
//
// An inventory lists hosts in groups, and groups in groups, in an INI file or in YAML. A host belongs to the environments that its groups
// are named for; if none is, to that of the inventory (inventories/staging/hosts, production.ini). A host is known by its name and by its
// ansible_host. Ranges (web[01:20].acme.example) are rows for patterns. Settings (ansible.cfg) say which files and programs passwords of vaults are
// from. Playbooks and what they load are read by package playbook.
//
// https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
package ansible
