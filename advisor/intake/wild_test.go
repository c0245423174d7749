package intake

// wildTaskDefinitions is what each task definition of ../shared/cases/taskdef
// comes to, checked by eye against the files: sizes in vCPU/GB ("-" is absent,
// "?" assumed), containers with cpu/memory/memoryReservation. The one that is
// refused gives AWS a mapping where it wants a list.
func wildTaskDefinitions() map[string]string {
	return map[string]string{
		"amazon-ecs-firelens-examples__examples_fluent-bit_ecs-log-collection_task-definition-tail.json":                             `firelens-example-cloudwatch: -/- on EC2 LINUX?/X86_64?, log_router 0/0/0.048828125, app 0/0/0.09765625, logs to "firelens-container"`,
		"amazon-ecs-firelens-examples__examples_fluent-bit_logstash_task-definition.json":                                            "firelens-example-logstash: -/- on EC2 LINUX?/X86_64?, log_router 0/0/0.048828125, app 0/0/0.09765625, 1 secrets and 0 parameters",
		"amazon-ecs-firelens-examples__examples_fluent-bit_newrelic_example-task-definition.json":                                    "newrelic-firelens-example: 1/2 on FARGATE LINUX/X86_64, log_router 0/0/0, webserver 0.5/0/1, 1 secrets and 0 parameters",
		"amazon-ecs-firelens-examples__examples_fluent-bit_oomkill-prevention_firelens-full-filesystem-example_task-definition.json": `firelens-example-cloudwatch_logs: -/- on EC2 LINUX?/X86_64?, log_router 0/0/0.048828125, app 0/0/0.09765625, logs to "firelens-container"`,
		"amazon-ecs-firelens-examples__examples_fluent-bit_signalfx_task-definition.json":                                            `x.json: containerDefinitions[1].logConfiguration.secretOptions: want a list of {"name", "valueFrom"}, got a mapping`,
		"amazon-ecs-firelens-examples__examples_fluent-bit_sumologic_task-definition.json":                                           "firelens-example-sumologic: -/- on EC2 LINUX?/X86_64?, log_router 0/0/0.048828125, app 0/0/0.09765625, 1 secrets and 0 parameters",
		"amazon-ecs-firelens-examples__examples_fluentd_multiline-logs_task-definition.json":                                         `loggingtest: 1/2 on EC2 LINUX?/X86_64?, log_router 0/0/0.048828125, app 0/0/0.09765625, logs to "firelens-container"`,
		"amazon-ecs-firelens-examples__examples_splitting-log-streams_fluentd_task_definition.json":                                  `firelens-rewrite-tag-logger: 1/2 on FARGATE LINUX/X86_64, logrouter 0/0/0.09765625, app 0/0/0.09765625, logs to "fluent-logger-app-router"`,
		"aws-containers-task-definitions__gunicorn_gunicorn_ec2.json":                                                                `gunicorn: 0.5/1 on EC2 LINUX?/X86_64?, gunicorn 0/0.25/0, logs to "/ecs/gunicorn"`,
		"aws-containers-task-definitions__gunicorn_gunicorn_fargate.json":                                                            `gunicorn: 0.5/1 on FARGATE LINUX/X86_64, gunicorn 0/0/1, logs to "/ecs/gunicorn"`,
		"aws-containers-task-definitions__jetty_jetty_ec2.json":                                                                      `jetty: 0.5/1 on EC2 LINUX?/X86_64?, jetty 0/0.5/0, logs to "/ecs/jetty"`,
		"aws-containers-task-definitions__jetty_jetty_fargate.json":                                                                  `jetty: 0.5/1 on FARGATE LINUX/X86_64, jetty 0.5/0/1, logs to "/ecs/jetty"`,
		"aws-containers-task-definitions__nginx_nginx_ec2.json":                                                                      `nginx: -/- on EC2 LINUX?/X86_64?, nginx 0.25/0.25/0, logs to "awslogs-nginx-ecs"`,
		"aws-containers-task-definitions__nginx_nginx_fargate.json":                                                                  `nginx: 0.25/0.5 on FARGATE LINUX/X86_64, nginx 0.25/0.25/0, logs to "awslogs-nginx-ecs"`,
		"aws-containers-task-definitions__tomcat_tomcat_ec2.json":                                                                    `tomcat-webserver: -/- on EC2 LINUX?/X86_64?, tomcat-webserver 1/2/0, logs to "/ecs/tomcat-container-logs"`,
		"aws-containers-task-definitions__tomcat_tomcat_fargate.json":                                                                `tomcat-webserver: 1/2 on FARGATE LINUX/X86_64, tomcat-webserver 1/0.25/0, logs to "/ecs/tomcat-container-logs"`,
		"aws-containers-task-definitions__wildfly_wildfly_ec2.json":                                                                  `wildfly: 0.5/1 on EC2 LINUX?/X86_64?, wildfly 0.5/1/0, logs to "/ecs/wildfly"`,
		"aws-containers-task-definitions__wildfly_wildfly_fargate.json":                                                              `wildfly: 0.5/1 on FARGATE LINUX/X86_64, wildfly 0.5/1/0, logs to "/ecs/wildfly"`,
		"awsdocs__ec2-windows-iis.json":                                                                                              "windows-simple-iis: 1/1 on EC2 WINDOWS?/X86_64?, windows_sample_app 1/1/0",
		"awsdocs__efs-volume-ec2.json":                                                                                               "efs-tutorial: -/- on EC2 LINUX?/X86_64?, nginx 0/0.125/0, mounts fs-1324abcd, volume efs-html efs",
		"awsdocs__external-linux.json":                                                                                               "nginx: -/- on EXTERNAL LINUX?/X86_64?, nginx 0.25/0.25/0",
		"awsdocs__external-windows.json":                                                                                             "windows-container: -/- on EXTERNAL WINDOWS?/X86_64?, windows-container 0.5/0.25/0",
		"awsdocs__fargate-arm64.json":                                                                                                "arm64-testapp: 0.25/0.5 on FARGATE LINUX/ARM64, arm-container 0.09765625/0.09765625/0",
		"awsdocs__gpu.json":                                                                                                          "example-ecs-gpu: -/- on EC2 LINUX?/X86_64?, gpu 0.09765625/0.078125/0, 2 GPUs",
		"awsdocs__neuron-inf1-ec2.json":                                                                                              "ecs-neuron: -/- on EC2 LINUX?/X86_64?, resnet50 0/0/0.9765625",
		"ecs-agent__appmesh-plugin-validator.json":                                                                                   `ecsftest-appmesh-plugin-validator: -/- on EC2 LINUX?/X86_64?, app-mesh 0.09765625/0.09765625/0, logs to "ecs-functional-tests"`,
		"ecs-agent__nvidia-gpu.json":                                                                                                 "ecsftest-nvidia-gpu: -/- on EC2 LINUX?/X86_64?, exit 0.09765625/0.09765625/0, 2 GPUs",
		"ecs-agent__oom-windows.json":                                                                                                "ecsftest-oom-container-windows: -/- on EC2 WINDOWS?/X86_64?, memory-overcommit 0.09765625/0.09765625/0",
		"ecspresso__td-wrapped-ephemeral.json":                                                                                       `katsubushi: 1/2 on FARGATE LINUX/X86_64, katsubushi 0.25/0.015625/0, logs to "fargate"`,
		"handmade__both-compat-fargate-ec2.json":                                                                                     "x: 0.5/1 on FARGATE LINUX/X86_64, app 0/0/0",
		"handmade__container-level-only-cpu0-links.json":                                                                             "cs-task: -/- on EC2 LINUX?/X86_64?, svc0 0/0.03125/0.0234375, svc1 0/0.03125/0.0234375, svc2 0/0.03125/0.0234375, redis 0/0.0625/0.03125",
		"handmade__container-sum-exceeds-task.json":                                                                                  "x: 0.25/0.5 on FARGATE LINUX/X86_64, app 0.25/0.5/0, log_router 0.0625/0.125/0",
		"handmade__utf8-bom-crlf.json":                                                                                               "x: 0.25/1 on FARGATE LINUX/X86_64, app 0/0/0",
		"handmade__vcpu-string-16-spaces.json":                                                                                       "x: 16/120 on FARGATE LINUX/X86_64, app 0/0/0",
	}
}
