{{- define "davylamp.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "davylamp.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "davylamp.name" .) .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "davylamp.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "davylamp.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/part-of: davylamp
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "davylamp.selectorLabels" -}}
app.kubernetes.io/name: {{ include "davylamp.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "davylamp.labels" -}}
{{ include "davylamp.selectorLabels" . }}
{{ include "davylamp.commonLabels" . }}
{{- end }}

{{- define "davylamp.webhook.selectorLabels" -}}
app.kubernetes.io/name: {{ include "davylamp.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: webhook
{{- end }}

{{- define "davylamp.webhook.labels" -}}
{{ include "davylamp.webhook.selectorLabels" . }}
{{ include "davylamp.commonLabels" . }}
{{- end }}

{{- define "davylamp.webhook.name" -}}
{{ include "davylamp.fullname" . }}-webhook
{{- end }}

{{- define "davylamp.webhook.secret" -}}
{{- if eq .Values.webhook.certificate.mode "existing" -}}
{{ required "webhook.certificate.mode existing needs webhook.certificate.existingSecret" .Values.webhook.certificate.existingSecret }}
{{- else -}}
{{ include "davylamp.webhook.name" . }}-tls
{{- end }}
{{- end }}

{{- define "davylamp.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "davylamp.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* image: dict "image" and "version" */}}
{{- define "davylamp.image" -}}
{{- if .image.digest -}}
{{ printf "%s@%s" .image.repository .image.digest }}
{{- else -}}
{{ printf "%s:%s" .image.repository (default .version .image.tag) }}
{{- end }}
{{- end }}

{{/* The environment's name of a setting. */}}
{{- define "davylamp.variable" -}}
DAVY_{{ . | upper | replace "." "_" | replace "-" "_" }}
{{- end }}

{{- define "davylamp.basePath" -}}
{{ index .Values.settings "http.base-path" | default "" }}
{{- end }}

{{- define "davylamp.scheme" -}}
{{ ternary "HTTPS" "HTTP" (ne .Values.tls.httpSecret "") }}
{{- end }}

{{- define "davylamp.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}

{{- define "davylamp.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The pod template of the server, for both kinds of storage. */}}
{{- define "davylamp.pod" -}}
metadata:
  labels:
    {{- include "davylamp.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "davylamp.serviceAccount" . }}
  automountServiceAccountToken: false
  # A service called davy-agent would give this pod a variable DAVY_AGENT_PORT.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    {{- include "davylamp.podSecurityContext" . | nindent 4 }}
    fsGroup: 10001
    fsGroupChangePolicy: OnRootMismatch
  containers:
    - name: server
      image: {{ include "davylamp.image" (dict "image" .Values.image "version" .Chart.AppVersion) }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      env:
        {{- include "davylamp.environment" . | nindent 8 }}
      ports:
        - name: http
          containerPort: 12800
          protocol: TCP
        - name: agent
          containerPort: 11800
          protocol: TCP
      startupProbe:
        httpGet:
          path: {{ include "davylamp.basePath" . }}/healthcheck
          port: http
          scheme: {{ include "davylamp.scheme" . }}
        periodSeconds: 2
        # Ten minutes: a new version may change a large database first.
        failureThreshold: 300
      livenessProbe:
        httpGet:
          path: {{ include "davylamp.basePath" . }}/healthcheck
          port: http
          scheme: {{ include "davylamp.scheme" . }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet:
          path: {{ include "davylamp.basePath" . }}/ready
          port: http
          scheme: {{ include "davylamp.scheme" . }}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- include "davylamp.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        - name: data
          mountPath: /var/lib/davylamp
        - name: tmp
          mountPath: /tmp
        {{- if .Values.tls.httpSecret }}
        - name: http-tls
          mountPath: /etc/davylamp-tls/http
          readOnly: true
        {{- end }}
        {{- if .Values.tls.agentSecret }}
        - name: agent-tls
          mountPath: /etc/davylamp-tls/agent
          readOnly: true
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if eq .Values.storage "postgresql" }}
    - name: data
      emptyDir: {}
    {{- else if .Values.persistence.existingClaim }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ .Values.persistence.existingClaim }}
    {{- end }}
    {{- with .Values.tls.httpSecret }}
    - name: http-tls
      secret:
        secretName: {{ . }}
    {{- end }}
    {{- with .Values.tls.agentSecret }}
    - name: agent-tls
      secret:
        secretName: {{ . }}
    {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- toYaml .Values.topologySpreadConstraints | nindent 4 }}
  {{- else if eq .Values.storage "postgresql" }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "davylamp.selectorLabels" . | nindent 10 }}
  {{- end }}
{{- end }}

{{/* Settings as variables; a test knows the names of all settings. */}}
{{- define "davylamp.environment" -}}
- name: DAVY_HTTP_HOST
  value: 0.0.0.0
- name: DAVY_AGENT_HOST
  value: 0.0.0.0
- name: DAVY_DATA_FOLDER
  value: /var/lib/davylamp
{{- if eq .Values.storage "postgresql" }}
- name: DAVY_DATA_DATABASE
  value: {{ required "storage postgresql needs database.url" .Values.database.url | quote }}
- name: DAVY_DATA_DATABASE_USER
  value: {{ .Values.database.user | quote }}
- name: DAVY_DATA_DATABASE_TLS
  value: {{ .Values.database.tls | quote }}
- name: DAVY_DATA_DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ required "storage postgresql needs database.existingSecret" .Values.database.existingSecret }}
      key: {{ .Values.database.passwordKey }}
{{- end }}
{{- if or .Values.blobs.url (eq .Values.storage "postgresql") }}
- name: DAVY_DATA_BLOBS
  value: {{ required "storage postgresql needs blobs.url: servers share no folder" .Values.blobs.url | quote }}
{{- with .Values.blobs.endpoint }}
- name: DAVY_DATA_BLOBS_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- with .Values.blobs.region }}
- name: DAVY_DATA_BLOBS_REGION
  value: {{ . | quote }}
{{- end }}
{{- with .Values.blobs.existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: AWS_ACCESS_KEY_ID
- name: AWS_SECRET_ACCESS_KEY
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: AWS_SECRET_ACCESS_KEY
{{- end }}
{{- end }}
{{- with .Values.agentToken.existingSecret }}
- name: DAVY_AGENT_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.agentToken.key }}
{{- end }}
{{- with .Values.oidcClientSecret.existingSecret }}
- name: DAVY_ACCESS_OIDC_CLIENT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.oidcClientSecret.key }}
{{- end }}
{{- if .Values.tls.httpSecret }}
- name: DAVY_HTTP_TLS_CERTIFICATE
  value: /etc/davylamp-tls/http/tls.crt
- name: DAVY_HTTP_TLS_KEY
  value: /etc/davylamp-tls/http/tls.key
{{- end }}
{{- if .Values.tls.agentSecret }}
- name: DAVY_AGENT_TLS_CERTIFICATE
  value: /etc/davylamp-tls/agent/tls.crt
- name: DAVY_AGENT_TLS_KEY
  value: /etc/davylamp-tls/agent/tls.key
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ include "davylamp.variable" $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{- with .Values.javaOptions }}
- name: JDK_JAVA_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
