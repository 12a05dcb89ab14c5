import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** Returns the IP address, IPv4 or IPv6, from which API Gateway received a request. */
export const callerAddressOf = (event: APIGatewayProxyEventV2): string => event.requestContext.http.sourceIp;
